import { packagePath } from '../../../src/core/package-info.js';
import { SPACES, type Space } from '../../../src/core/space.js';
import { readArrowRows } from '../../../src/dataset/arrow-reader.js';
import { tablePath } from '../../../src/dataset/files.js';
import { loadLabelled } from '../../../src/dataset/load-labelled.js';
import { splitOf } from '../../../src/dataset/split.js';
import type { BenchItem, BenchSplit, BenchTag, DataSource } from './bench-split.js';

/** Shipped books, all parts pooled, and split anew by group: the series, else the first author. */
export const books: DataSource = {
  name: 'books',
  about:
    "books, a teacher's tags in both spaces; all parts pooled, 15 % of the groups (series, else first author) held out at random",
  split: (seed) => splitBooks(seed, { testShare: 0.15, byGroup: true }),
};

/** The same books, each held out by itself: as new books come to a catalogue that has others of their series. */
export const booksAtRandom: DataSource = {
  name: 'books-at-random',
  about:
    "books, a teacher's tags in both spaces; all parts pooled, 10 % of the books held out at random, whatever series they belong to",
  split: (seed) => splitBooks(seed, { testShare: 0.1, byGroup: false }),
};

async function splitBooks(
  seed: number,
  { testShare, byGroup }: { readonly testShare: number; readonly byGroup: boolean },
): Promise<BenchSplit> {
  const dir = packagePath('datasets', 'books');
  const { ids, texts, groups, labels } = await loadLabelled(dir);
  const authors = await firstAuthors(dir);
  const tagsOf = (space: Space, item: number): BenchTag[] => {
    const { tags, rows } = labels[space]!;
    const cells = Array.from(
      { length: rows.offsets[item + 1]! - rows.offsets[item]! },
      (_, i) => rows.offsets[item]! + i,
    );
    return cells.map((cell) => {
      const strength = rows.values[cell]!;
      // Strengths are float32 in Arrow: written as 0.95, not 0.949999988079071.
      return [tags[rows.indices[cell]!]!, Number.isNaN(strength) ? null : Math.round(strength * 1e4) / 1e4];
    });
  };
  const shares = { validationShare: 0, testShare, seed: 100 + seed }; // not the shipped test part's seed
  const items = ids.map((id, i) => {
    const group = groups[i] ?? id;
    const [item_tags, user_tags] = SPACES.map((space) => tagsOf(space, i)) as [BenchTag[], BenchTag[]];
    return {
      split: splitOf(byGroup ? group : id, shares),
      item: { id, text: texts[i]!, group, item_tags, user_tags },
    };
  });
  const train = items.filter(({ split }) => split === 'train').map(({ item }) => item);
  const known = new Set(train.map(({ id }) => authors.get(id)));
  const test = items
    .filter(({ split }) => split === 'test')
    .map(({ item }): BenchItem => {
      const slice = known.has(authors.get(item.id)) ? 'author seen' : 'new author';
      return { ...item, slice };
    });
  return { train, test };
}

async function firstAuthors(dir: string): Promise<Map<string, string | undefined>> {
  const authors = new Map<string, string | undefined>();
  for await (const rows of readArrowRows(tablePath(dir, 'items'), 'items')) {
    for (const { item_id, fields } of rows) {
      const parsed = JSON.parse(fields ?? '{}') as { readonly authors?: readonly string[] };
      authors.set(item_id, parsed.authors?.[0]);
    }
  }
  return authors;
}
