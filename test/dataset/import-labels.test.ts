import { readdir, readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import { importLabels, type ImportOptions } from '../../src/dataset/import-labels.js';
import { loadLabelled } from '../../src/dataset/load-labelled.js';
import type { ItemRow, ItemTagRow } from '../../src/dataset/rows.js';
import { tablePath } from '../../src/dataset/files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

async function importRows(
  out: string,
  rows: readonly object[],
  options: Partial<ImportOptions> = {},
): Promise<Awaited<ReturnType<typeof importLabels>>> {
  const labels = await folder.write(`${out}.jsonl`, lines(rows));
  return importLabels({ labels, out: folder.path(out), normalise: (tag) => tag.toLowerCase(), ...options });
}

async function itemsOf(out: string): Promise<ItemRow[]> {
  const items: ItemRow[] = [];
  for await (const rows of readArrowRows(tablePath(folder.path(out), 'items'), 'items')) items.push(...rows);
  return items;
}

async function tagsOf(out: string): Promise<ItemTagRow[]> {
  const tags: ItemTagRow[] = [];
  for await (const rows of readArrowRows(tablePath(folder.path(out), 'item_tags'), 'item_tags'))
    tags.push(...rows);
  return tags;
}

const many = (n: number): object[] =>
  Array.from({ length: n }, (_, i) => ({
    id: i,
    text: `text ${i}`,
    tags: ['a'],
    author: `author ${i % 40}`,
  }));

describe('importLabels', () => {
  it('stores items and tags in the order given, with raw and normalised tag, strength and fields', async () => {
    const report = await importRows('two', [
      {
        id: '书',
        text: '历史 🧑‍🏫',
        item_tags: [['Wine', 0.25], 'Red'],
        user_tags: ['老师'],
        shelf: { row: 3 },
      },
      { id: 2, text: 'b', split: 'test', group: 'g' },
    ]);
    expect(report).toMatchObject({
      nItems: 2,
      nProblems: 0,
      tags: { item: { nUses: 2, nDistinct: 2 }, user: { nUses: 1, nDistinct: 1 } },
    });
    expect(await itemsOf('two')).toEqual([
      {
        item_id: '书',
        text: '历史 🧑‍🏫',
        group: null,
        split: expect.any(String),
        fields: '{"shelf":{"row":3}}',
      },
      { item_id: '2', text: 'b', group: 'g', split: 'test', fields: '{"group":"g"}' },
    ]);
    expect(await tagsOf('two')).toMatchObject([
      {
        item_id: '书',
        space: 'item',
        tag_raw: 'Wine',
        tag: 'wine',
        rank: 0,
        score: 0.25,
        votes: 1,
        samples: 1,
      },
      { item_id: '书', space: 'item', tag_raw: 'Red', tag: 'red', rank: 1, score: null },
      { item_id: '书', space: 'user', tag_raw: '老师', rank: 0 },
    ]);
  });

  it('writes a card with the name, the source and its hash, and the counts', async () => {
    await importRows('carded', many(10));
    const card = await readFile(folder.path('carded/README.md'), 'utf8');
    expect(card).toContain('# carded');
    expect(card).toMatch(/Imported from `carded\.jsonl` \(sha256 `[0-9a-f]{64}`\): 10 items; 0 rows/);
    expect(card).toContain('| all | 10 |');
  });

  it('splits by the shares and the seed, the same each time, and keeps a group together', async () => {
    const options = { validationShare: 0.2, testShare: 0.2, groupBy: 'author' };
    const { nBySplit } = await importRows('split-a', many(400), options);
    expect(nBySplit.train + nBySplit.validation + nBySplit.test).toBe(400);
    expect(Math.min(nBySplit.validation, nBySplit.test)).toBeGreaterThan(20);
    await importRows('split-b', many(400), options);
    const items = await itemsOf('split-a');
    expect(await itemsOf('split-b')).toEqual(items);
    const splits = new Map<string | null, Set<string>>();
    for (const { group, split } of items) splits.set(group, (splits.get(group) ?? new Set()).add(split));
    expect([...splits.values()].every((of) => of.size === 1)).toBe(true);
    const other = await importRows('split-c', many(400), { ...options, seed: 2 });
    expect(other.nBySplit).not.toEqual(nBySplit);
  });

  it('refuses a group field that no item has, instead of splitting by id', async () => {
    await expect(importRows('typo', many(5), { groupBy: 'autor' })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      message: expect.stringContaining('"autor"'),
    });
    await expect(stat(folder.path('typo'))).rejects.toThrow();
  });

  it('refuses shares that leave nothing to train on before it reads', async () => {
    const options = { labels: folder.path('gone.jsonl'), out: folder.path('none'), normalise: String };
    await expect(importLabels({ ...options, validationShare: 0.5, testShare: 0.5 })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
    });
  });

  it('keeps an item without tags, but refuses a file without any tag', async () => {
    await importRows('some', [...many(3), { id: 'bare', text: 'x' }]);
    const loaded = await loadLabelled(folder.path('some'));
    expect(loaded.ids).toContain('bare');
    await expect(importRows('bare', [{ id: 'bare', text: 'x' }])).rejects.toMatchObject({
      code: 'E_NO_ROWS',
      message: expect.stringContaining('none of the 1 items has a tag'),
    });
  });

  it('gives the first problem as the next step where no row can be used', async () => {
    await expect(importRows('bad', [{ id: '1', text: '' }])).rejects.toMatchObject({
      code: 'E_NO_ROWS',
      message: expect.stringContaining('no usable row; 1 rows have problems'),
      hint: expect.stringContaining('bad.jsonl:1: "text" is empty'),
    });
  });

  it('counts a row whose fields are nested deeper than the stack', async () => {
    const depth = 100_000;
    const deep = `{"id":"deep","text":"x","tags":["a"],"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const labels = await folder.write('deep.jsonl', `${deep}\n${lines(many(2))}`);
    const report = await importLabels({ labels, out: folder.path('deep'), normalise: String });
    expect(report).toMatchObject({ nItems: 2, nProblems: 1 });
    expect(report.problems[0]!.message).toBe(`${labels}:1: the fields are nested too deep`);
  });

  it('leaves nothing behind when it fails or is stopped in the middle', async () => {
    const stop = new AbortController();
    const onProgress = (): void => {
      stop.abort();
    };
    await expect(
      importRows('stopped', many(1200), { onProgress, signal: stop.signal }),
    ).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
    await expect(importRows('strict', [...many(3), { id: 0 }], { strict: true })).rejects.toMatchObject({
      code: 'E_BAD_ROW',
      line: 4,
    });
    const left = await readdir(folder.path('.'));
    expect(left.filter((name) => /stopped|strict/.test(name) && !name.endsWith('.jsonl'))).toEqual([]);
  });

  it('keeps the old data set when an import over it fails', async () => {
    await importRows('old', many(3));
    const before = await itemsOf('old');
    await expect(importRows('old', [{ id: '1' }], { overwrite: true })).rejects.toMatchObject({
      code: 'E_NO_ROWS',
    });
    expect(await itemsOf('old')).toEqual(before);
  });

  it('never deletes a folder that holds anything but a data set, even with overwrite', async () => {
    await importRows('mixed', many(3));
    await folder.write('mixed/notes.txt', 'mine');
    await expect(importRows('mixed', many(3), { overwrite: true })).rejects.toMatchObject({
      code: 'E_FILE_EXISTS',
      message: expect.stringContaining('notes.txt'),
    });
    expect(await readFile(folder.path('mixed/notes.txt'), 'utf8')).toBe('mine');
  });
});
