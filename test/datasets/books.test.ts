import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagePath } from '../../src/core/package-info.js';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import { tablePath } from '../../src/dataset/files.js';
import type { ItemTagRow } from '../../src/dataset/rows.js';
import type { TableName, Tables } from '../../src/dataset/schemas.js';
import { sharedData } from '../support/shared-data.js';

const books = packagePath('datasets', 'books');

async function rowsOf<Name extends TableName>(table: Name): Promise<Tables[Name][]> {
  const rows: Tables[Name][] = [];
  for await (const batch of readArrowRows(tablePath(books, table), table)) rows.push(...batch);
  return rows;
}

describe('datasets/books', () => {
  it('has every book and every answer, all of them readable, and claims no model, tokens or cost', async () => {
    expect(await rowsOf('items')).toHaveLength(2165);
    const calls = await rowsOf('calls');
    expect(calls).toHaveLength(2165 + 110 + 1600);
    expect(calls.every(({ status }) => status === 'ok')).toBe(true);
    expect(calls.every((call) => call.model_requested === null && call.tokens_in === null && call.cost_microusd === null)).toBe(true);
    expect(await rowsOf('tag_edges')).toHaveLength(8 * 1600);
  });

  it('never splits a series or an author without one', async () => {
    const splits = new Map<string, string>();
    for (const { group, split } of await rowsOf('items')) {
      if (group === null) continue;
      expect(splits.get(group) ?? split).toBe(split);
      splits.set(group, split);
    }
    expect(splits.get('Harry Potter')).toBeDefined();
  });

  it('says of 14 books that the teacher did not know them', async () => {
    const unknown = (await rowsOf('items')).filter(({ fields }) => fields?.includes('"teacher_known":false'));
    expect(unknown).toHaveLength(14);
  });

  it('stays small enough to ship', () => {
    const sizes = readdirSync(books).map((name) => statSync(join(books, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(11 * 2 ** 20);
  });
});

const source = sharedData('teacher-books');

describe.skipIf(source === null)('datasets/books against the recorded answers', () => {
  const out = mkdtempSync(join(tmpdir(), 'books-'));
  beforeAll(async () => {
    const script = packagePath('datasets', 'books.build.ts');
    const arguments_ = ['--import', 'tsx', script, '--from', source!, '--out', out];
    await promisify(execFile)(process.execPath, arguments_, { cwd: packagePath() });
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('is what the script builds, byte for byte', () => {
    expect(readdirSync(out).sort()).toEqual(readdirSync(books).sort());
    for (const name of readdirSync(out)) {
      expect(readFileSync(join(out, name)).equals(readFileSync(join(books, name))), name).toBe(true);
    }
  });

  it('has exactly the texts, tags and strengths of labels.jsonl, for every book', async () => {
    const texts = new Map((await rowsOf('items')).map(({ item_id, text }) => [item_id, text]));
    const tags = new Map<string, [string, number | null][]>();
    for (const { item_id, space, tag_raw, score } of await rowsOf('item_tags')) {
      const key = `${item_id} ${space}`;
      tags.set(key, [...(tags.get(key) ?? []), [tag_raw, roundedScore(score)]]);
    }
    for (const line of readFileSync(join(source!, 'labels.jsonl'), 'utf8').trim().split('\n')) {
      const book = JSON.parse(line) as { id: string; text: string; item_tags: unknown; user_tags: unknown };
      expect(texts.get(book.id)).toBe(book.text);
      expect(tags.get(`${book.id} item`)).toEqual(book.item_tags);
      expect(tags.get(`${book.id} user`)).toEqual(book.user_tags);
    }
  });

  it('has the second answers of 110 books apart', async () => {
    const rows: ItemTagRow[] = [];
    for await (const batch of readArrowRows(join(books, 'item_tags_second.arrow'), 'item_tags')) rows.push(...batch);
    expect(new Set(rows.map(({ item_id }) => item_id)).size).toBe(110);
    const [first] = readFileSync(join(source!, 'answers-item2tag-second.jsonl'), 'utf8').split('\n');
    const { id, raw } = JSON.parse(first!) as { id: string; raw: string };
    const asked = (JSON.parse(raw) as { item_tags: { tag: string }[] }).item_tags.map(({ tag }) => tag);
    const stored = rows.filter(({ item_id, space }) => item_id === id && space === 'item');
    expect(stored.map(({ tag_raw }) => tag_raw)).toEqual(asked);
  });
});

// Strengths come in steps of 0.05 and are stored as float32.
function roundedScore(score: number | null): number | null {
  return score === null ? null : Math.round(score * 100) / 100;
}
