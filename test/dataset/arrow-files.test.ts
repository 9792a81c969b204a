import fc from 'fast-check';
import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArrowRows, readArrowSchema } from '../../src/dataset/arrow-reader.js';
import { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import { readAll } from '../support/read-all.js';
import type { CallRow, ItemRow, ItemTagRow } from '../../src/dataset/rows.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-arrow-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function writeItems(path: string, rows: readonly ItemRow[]): Promise<void> {
  const writer = await ArrowFileWriter.create(path, 'items', { metadata: { seed: '7' } });
  await writer.appendAll(rows);
  await writer.close();
}

const item = (id: string, text = 'a text'): ItemRow => ({
  item_id: id,
  text,
  group: null,
  split: 'train',
  fields: null,
});

describe('Arrow files', () => {
  it('give back what was written: emoji, Chinese, nulls, lists and 64-bit money', async () => {
    const tag: ItemTagRow = {
      item_id: '书',
      space: 'user',
      tag_raw: '历史老师 🧑‍🏫',
      tag: '历史老师',
      rank: 3,
      score: 0.5,
      votes: 1,
      samples: 2,
      logprob: null,
      call_keys: ['a', ''],
    };
    const writer = await ArrowFileWriter.create(join(dir, 'item_tags.arrow'), 'item_tags');
    await writer.appendAll([tag, { ...tag, score: null, call_keys: [] }]);
    await writer.close();
    expect(await readAll(readArrowRows(join(dir, 'item_tags.arrow'), 'item_tags'))).toEqual([
      tag,
      { ...tag, score: null, call_keys: [] },
    ]);

    const call: CallRow = {
      key: 'k',
      task: 'item2tag',
      source_id: '1',
      sample: 0,
      attempt: 1,
      prompt_id: 'p',
      prompt_hash: 'h',
      model_requested: null,
      model_returned: null,
      params: null,
      mode: 'replay',
      status: 'ok',
      finish_reason: null,
      error: null,
      raw_text: '{}',
      endpoint: null,
      rung: null,
      logprobs: null,
      tokens_in: null,
      tokens_cached: null,
      tokens_out: 12,
      cost_microusd: 5_000_000_000,
      cost_basis: null,
      started_at: null,
      finished_at: null,
      run_id: 'r',
    };
    const calls = await ArrowFileWriter.create(join(dir, 'calls.arrow'), 'calls');
    await calls.append(call);
    await calls.close();
    expect(await readAll(readArrowRows(join(dir, 'calls.arrow'), 'calls'))).toEqual([call]);
  });

  it('give back any well-formed texts, over several batches', async () => {
    const path = join(dir, 'items.arrow');
    const texts = fc.sample(fc.string({ unit: 'grapheme' }), { numRuns: 20_000, seed: 3 });
    await writeItems(
      path,
      texts.map((text, i) => item(String(i), text)),
    );
    let nBatches = 0;
    let row = 0;
    for await (const batch of readArrowRows(path, 'items')) {
      nBatches++;
      for (const { text } of batch) expect(text).toBe(texts[row++]);
    }
    expect([row, nBatches]).toEqual([20_000, 3]);
  });

  it('have the same bytes for the same rows, and carry metadata', async () => {
    await writeItems(join(dir, 'a.arrow'), [item('1'), item('2')]);
    await writeItems(join(dir, 'b.arrow'), [item('1'), item('2')]);
    expect(await readFile(join(dir, 'a.arrow'))).toEqual(await readFile(join(dir, 'b.arrow')));
    const { metadata } = await readArrowSchema(join(dir, 'a.arrow'));
    expect(metadata.get('tagdistill.seed')).toBe('7');
    expect(metadata.get('tagdistill.format_version')).toBe('1');
  });

  it('may hold no rows', async () => {
    await writeItems(join(dir, 'items.arrow'), []);
    expect(await readAll(readArrowRows(join(dir, 'items.arrow'), 'items'))).toEqual([]);
  });

  it('stand nowhere until they are closed, and leave nothing when given up', async () => {
    const writer = await ArrowFileWriter.create(join(dir, 'items.arrow'), 'items');
    await writer.append(item('1'));
    expect(await readdir(dir)).not.toContain('items.arrow');
    await writer.abort();
    expect(await readdir(dir)).toEqual([]);
  });

  it('that cannot be made say where and why', async () => {
    await expect(ArrowFileWriter.create(join(dir, 'no', 'items.arrow'), 'items')).rejects.toMatchObject({
      code: 'E_FILE_WRITE',
      file: join(dir, 'no', 'items.arrow'),
    });
  });

  it('that are missing, empty, cut short or something else are told apart', async () => {
    const path = join(dir, 'items.arrow');
    const read = () => readAll(readArrowRows(path, 'items'));
    await expect(read()).rejects.toMatchObject({ code: 'E_FILE_MISSING', file: path });
    await writeFile(path, '');
    await expect(read()).rejects.toMatchObject({ code: 'E_FILE_EMPTY' });
    await writeFile(path, '{"id":"1"}\n');
    await expect(read()).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining('no Arrow'),
    });
    await writeItems(join(dir, 'whole.arrow'), [item('1')]);
    await copyFile(join(dir, 'whole.arrow'), path);
    const { length } = await readFile(path);
    await truncate(path, length - 20);
    await expect(read()).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining(`cut short: its ${length - 20} bytes`),
    });
  });

  it('with damage inside are refused, not half read as if whole', async () => {
    const path = join(dir, 'items.arrow');
    await writeItems(path, [item('1')]);
    const bytes = await readFile(path);
    bytes.fill(0xff, bytes.length - 60, bytes.length - 10);
    await writeFile(path, bytes);
    await expect(readAll(readArrowRows(path, 'items'))).rejects.toMatchObject({ code: 'E_FILE_FORMAT' });
  });

  it('of another table are refused by the first column that they lack', async () => {
    await writeItems(join(dir, 'x.arrow'), [item('1')]);
    await expect(readAll(readArrowRows(join(dir, 'x.arrow'), 'item_tags'))).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining('no column "space"; columns: item_id, text'),
    });
  });
});
