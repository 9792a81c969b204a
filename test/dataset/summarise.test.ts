import { readFile, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import { importLabels } from '../../src/dataset/import-labels.js';
import { summariseArrow, summariseDataset } from '../../src/dataset/summarise.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

async function makeDataset(name: string): Promise<string> {
  const rows = [
    { id: '1', text: 'a', item_tags: [['x', 0.5], 'y'], user_tags: ['u'], split: 'train' },
    { id: '2', text: 'b', item_tags: ['x'], split: 'test' },
  ];
  const labels = await folder.write(`${name}.jsonl`, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importLabels({ labels, out: folder.path(name), normalise: String });
  return folder.path(name);
}

describe('summariseDataset', () => {
  it('counts items by split, and uses, distinct tags and strengths by space', async () => {
    const { nItems, nBySplit, tags, files } = await summariseDataset(await makeDataset('counted'));
    expect([nItems, nBySplit]).toEqual([2, { train: 1, validation: 0, test: 1 }]);
    expect(tags).toEqual({
      item: { nUses: 3, nDistinct: 2, nWithStrength: 1, meanPerItem: 1.5 },
      user: { nUses: 1, nDistinct: 1, nWithStrength: 0, meanPerItem: 0.5 },
    });
    expect(files.map(({ file, nRows }) => [file, nRows])).toEqual([
      ['item_tags.arrow', 4],
      ['items.arrow', 2],
    ]);
  });

  it('says that a folder holds no data set, or that there is no folder', async () => {
    for (const dir of [folder.path('.'), folder.path('nowhere')]) {
      await expect(summariseDataset(dir)).rejects.toMatchObject({
        code: 'E_FILE_MISSING',
        file: dir,
        hint: expect.stringContaining('tagdistill import'),
      });
    }
  });

  it('names the table that is cut short', async () => {
    const dir = await makeDataset('cut');
    const path = `${dir}/item_tags.arrow`;
    await truncate(path, 300);
    await expect(summariseDataset(dir)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      file: path,
      message: expect.stringContaining('300 bytes'),
    });
  });

  it('names the row with a split that is none', async () => {
    const dir = await makeDataset('dev');
    const writer = await ArrowFileWriter.create(`${dir}/items.arrow`, 'items');
    const item = { text: 'x', group: null, fields: null };
    await writer.append({ ...item, item_id: '1', split: 'train' });
    await writer.append({ ...item, item_id: '2', split: 'dev' as 'test' });
    await writer.close();
    await expect(summariseDataset(dir)).rejects.toMatchObject({ code: 'E_BAD_ROW', row: 1 });
  });
});

describe('summariseArrow', () => {
  it('lists columns with types, metadata, size and hash', async () => {
    const path = `${await makeDataset('file')}/items.arrow`;
    const bytes = await readFile(path);
    expect(await summariseArrow(path)).toMatchObject({
      file: 'items.arrow',
      nRows: 2,
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      columns: { item_id: 'Utf8', text: 'Utf8', split: 'Utf8' },
      metadata: { 'tagdistill.split_rule': expect.stringContaining('seed 1') },
    });
  });

  it('tells no Arrow file from one that is damaged inside', async () => {
    const text = await folder.write('text.arrow', 'id,text\n1,a\n');
    await expect(summariseArrow(text)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining('does not start with ARROW1'),
    });
    const path = `${await makeDataset('damaged')}/items.arrow`;
    const bytes = await readFile(path);
    bytes.fill(0xff, bytes.length - 60, bytes.length - 6);
    await writeFile(path, bytes);
    await expect(summariseArrow(path)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', file: path });
  });
});
