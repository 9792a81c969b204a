import { mkdir, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../../src/core/progress.js';
import { readStaticEncoder } from '../../../src/features/read-static-encoder.js';
import { Graph } from '../../../src/onnx/graph.js';
import { openSession } from '../../../src/runtime/session.js';
import { distillEncoder } from '../../../student/encoder/distill-encoder.js';
import { zipfWeights } from '../../../student/encoder/token-weights.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { writeTinyEncoder } from '../../support/tiny-encoder.js';

const folder = temporaryFolder();
const N_TOKENS = 24;
const [CLS, SEP] = [2, 3];
const N_SPECIAL = 4;
let source: string;
beforeAll(async () => {
  source = folder.path('source');
  await writeTinyEncoder(source);
});

/** The mean over [CLS] token [SEP], straight from the model. */
async function meanOfToken(id: number): Promise<number[]> {
  const session = await openSession(await readFile(join(source, 'onnx', 'model.onnx')));
  const cells = (values: number[]) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, 3]);
  const { last_hidden_state: hidden } = await session.run({
    input_ids: cells([CLS, id, SEP]),
    attention_mask: cells([1, 1, 1]),
    token_type_ids: cells([0, 0, 0]),
  });
  await session.release();
  const data = hidden!.data as Float32Array;
  return Array.from({ length: 8 }, (_, d) => (data[d]! + data[8 + d]! + data[16 + d]!) / 3);
}

/** A copy of the source to break. */
async function brokenCopy(name: string): Promise<string> {
  await writeTinyEncoder(folder.path(name));
  return folder.path(name);
}

describe('distillEncoder', () => {
  it('keeps the distances between the vectors of tokens, where no dimension is cut', async () => {
    const manifest = await distillEncoder(source, { out: folder.path('all'), nDims: 8 });
    expect(manifest).toMatchObject({ nTokens: N_TOKENS, nDims: 8, source: { name: 'source', nDims: 8 } });
    expect(manifest.recipe['explainedVariance']).toBeCloseTo(1, 6);
    const { encoder } = await readStaticEncoder(folder.path('all'));
    const frequency = zipfWeights(N_TOKENS - N_SPECIAL, 1e-4);
    const row = (id: number) =>
      Array.from(
        encoder.table.subarray(id * 8, (id + 1) * 8),
        (value) => (value * encoder.weights[id]!) / frequency[id - N_SPECIAL]!,
      );
    const distance = (a: readonly number[], b: readonly number[]) =>
      Math.hypot(...a.map((value, d) => value - b[d]!));
    for (const [a, b] of [
      [4, 5],
      [10, 23],
      [15, 20],
    ] as const) {
      const wanted = distance(await meanOfToken(a), await meanOfToken(b));
      expect(distance(row(a), row(b)) / wanted).toBeCloseTo(1, 1);
    }
  });

  it('gives special tokens no weight, and reads their names in a text as words', async () => {
    await distillEncoder(source, { out: folder.path('special'), nDims: 4 });
    const { encoder } = await readStaticEncoder(folder.path('special'));
    expect([...encoder.weights.subarray(0, N_SPECIAL)]).toEqual([0, 0, 0, 0]);
    expect([...encoder.weights.subarray(N_SPECIAL)].every((weight) => weight > 0)).toBe(true);
    expect([...encoder.tokens('[SEP] wine').ids]).toEqual([...encoder.tokens('wine').ids]);
  });

  it('writes the same bytes again, and replaces an old encoder whole', async () => {
    const out = folder.path('again');
    const first = await distillEncoder(source, { out, nDims: 4, licence: 'MIT' });
    await writeFile(join(out, 'stray.txt'), 'x');
    const second = await distillEncoder(source, { out, nDims: 4, licence: 'MIT' });
    expect(second).toEqual(first);
    expect((await readdir(out)).sort()).toEqual([
      'README.md',
      'config.json',
      'encoder.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    expect(await readFile(join(out, 'README.md'), 'utf8')).toContain('license: mit');
    expect(JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))).toMatchObject({
      model_type: 'model2vec',
      normalize: true,
      hidden_dim: 4,
      max_length: 512,
    });
  });

  it('tells how many tokens are done', async () => {
    const events: ProgressEvent[] = [];
    await distillEncoder(source, {
      out: folder.path('p'),
      nDims: 4,
      onProgress: (event) => events.push(event),
    });
    expect(events).toContainEqual({ stage: 'embed tokens', done: 20, total: 20 });
    expect(events).toContainEqual(expect.objectContaining({ stage: 'principal components', done: 1 }));
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const out = folder.path('stopped');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(distillEncoder(source, { out, signal })).rejects.toMatchObject({ code: 'E_ABORTED' });
    expect((await readdir(folder.path('.'))).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });

  it('refuses a folder of other things before any work', async () => {
    const out = folder.path('other');
    await mkdir(out);
    await writeFile(join(out, 'letter.txt'), 'dear');
    await expect(distillEncoder(folder.path('nowhere'), { out })).rejects.toMatchObject({
      code: 'E_FILE_EXISTS',
      message: expect.stringContaining('letter.txt'),
    });
  });

  it.each([
    [{ nDims: 0 }, 'nDims should be a whole number from 1 up, found 0'],
    [{ nDims: Number.NaN }, 'found NaN'],
    [{ sif: 1 }, 'sif should be a number between 0 and 1, found 1'],
    [{ maxTokens: 1.5 }, 'maxTokens should be'],
  ])('refuses the option %j', async (options, message) => {
    await expect(distillEncoder(source, { out: folder.path('x'), ...options })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      message: expect.stringContaining(message),
    });
  });

  it.each(['onnx/model.onnx', 'tokenizer.json'])('names %s when it is missing or cut short', async (name) => {
    const dir = await brokenCopy(`broken-${name.replace('/', '-')}`);
    const fails = (code: string) =>
      expect(distillEncoder(dir, { out: folder.path('x') })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(name),
        hint: expect.any(String),
      });
    await truncate(join(dir, name), 50);
    await fails('E_FILE_FORMAT');
    await rm(join(dir, name));
    await fails('E_FILE_MISSING');
  });

  it('tells the name of a hub model from a folder', async () => {
    await expect(distillEncoder('someone/model', { out: folder.path('x') })).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      hint: expect.stringContaining('Download the model first'),
    });
  });

  it('says what the model takes and gives where it is no sentence encoder', async () => {
    const dir = await brokenCopy('no-encoder');
    const g = new Graph();
    g.output('logits', g.input('pixels', 'float32', ['n']));
    await writeFile(join(dir, 'onnx', 'model.onnx'), g.toBytes());
    await expect(distillEncoder(dir, { out: folder.path('x') })).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining('the model takes pixels and gives logits'),
    });
  });
});
