import { seededRandom, type Random } from '../../../src/core/random.js';
import { SparseRowsBuilder } from '../../../src/core/sparse.js';
import type { DayOfTags } from '../../../src/tags/index.js';

/** Real answers to draw days from. */
export interface Answers {
  readonly tags: readonly string[];
  /** Columns of each item. */
  readonly items: readonly (readonly number[])[];
}

export interface StreamOptions {
  readonly nDays: number;
  readonly itemsPerDay: number;
  /** Real tags kept of an item's answer, drawn anew each time. */
  readonly keptTags: number;
  /** Made tags added to each item. */
  readonly madeTags: number;
  readonly seed: number;
}

/**
 * Make days of items: books drawn with replacement, each with some of its real tags and some of a made long tail.
 *
 * The made tags come from a Pitman-Yor process (discount 0.8, concentration 100): some come again, new ones never end.
 */
export function* dailyStream(
  { tags, items }: Answers,
  { nDays, itemsPerDay, keptTags, madeTags, seed }: StreamOptions,
): Generator<DayOfTags> {
  const random = seededRandom(seed);
  const draw = (n: number): number => Math.floor(random() * n);
  const nextMade = pitmanYor(random);
  for (let day = 0; day < nDays; day++) {
    const names: string[] = [];
    const columnOf = new Map<string, number>();
    const builder = new SparseRowsBuilder();
    const push = (tag: string): void => {
      let column = columnOf.get(tag);
      if (column === undefined) {
        columnOf.set(tag, (column = names.length));
        names.push(tag);
      }
      builder.push(column, 1);
    };
    for (let n = 0; n < itemsPerDay; n++) {
      const left = [...items[draw(items.length)]!];
      for (let kept = 0; kept < keptTags && left.length > 0; kept++) {
        push(tags[left.splice(draw(left.length), 1)[0]!]!);
      }
      for (let made = 0; made < madeTags; made++) push(`made tag ${nextMade()}`);
      builder.endRow();
    }
    const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
    yield { date, tags: names, rows: builder.finish(names.length) };
  }
}

function pitmanYor(random: Random): () => number {
  const [discount, concentration] = [0.8, 100];
  const customers: number[] = []; // the table of each, so that a uniform draw is one by size
  const sizes: number[] = [];
  return () => {
    const total = customers.length + concentration;
    let table = sizes.length;
    if (random() * total >= concentration + discount * sizes.length) {
      // A draw by size minus discount: by size, and refused with chance discount / size.
      do table = customers[Math.floor(random() * customers.length)]!;
      while (random() < discount / sizes[table]!);
    }
    sizes[table] = (sizes[table] ?? 0) + 1;
    customers.push(table);
    return table;
  };
}
