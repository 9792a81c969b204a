import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { importOptional } from '../../src/core/optional-package.js';
import type { DenseEncoder } from '../../src/features/dense-encoder.js';
import { openHubEncoder, type HubEncoderOptions } from '../../src/features/hub-encoder.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { TINY_LONGEST, writeTinyEncoder, type TinyEncoderOptions } from '../support/tiny-encoder.js';

const folder = temporaryFolder();
const TEXTS = [
  'Wine.',
  'The grapes that stand before it say little more than the wine, which says a text.',
  '',
  'another short text',
  '历史 🧑‍🏫',
  'wine '.repeat(200),
  'a\ud800b',
];

async function withEncoder<Result>(
  model: string,
  body: (encoder: DenseEncoder) => Promise<Result>,
  options: HubEncoderOptions = {},
): Promise<Result> {
  const encoder = await openHubEncoder(model, options);
  try {
    return await body(encoder);
  } finally {
    await encoder.close();
  }
}

async function makeTiny(name: string, options: TinyEncoderOptions = {}): Promise<string> {
  await writeTinyEncoder(folder.path(name), options);
  return folder.path(name);
}

const rowsOf = (vectors: Float32Array, nDims: number) =>
  Array.from({ length: vectors.length / nDims }, (_, row) =>
    vectors.subarray(row * nDims, (row + 1) * nDims),
  );

const furthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe('openHubEncoder', () => {
  let tiny: string;
  beforeAll(async () => {
    tiny = await makeTiny('tiny');
  });

  it('gives a vector of length 1 for any text, emoji, blanks and lone surrogates included', async () => {
    await withEncoder(tiny, async (encoder) => {
      expect(encoder).toMatchObject({ name: tiny, nDims: 8 });
      for (const row of rowsOf(await encoder.encode(TEXTS), 8)) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      expect(await encoder.encode([])).toEqual(new Float32Array(0));
    });
  });

  it.each([
    ['a plain model', false],
    ['a model that quantises by the batch', true],
  ])('gives a text the same vector alone and among others: %s', async (name, quantised) => {
    await withEncoder(await makeTiny(name, { quantised }), async (encoder) => {
      const together = await encoder.encode([...TEXTS, ...TEXTS].reverse());
      for (const [i, row] of rowsOf(together, 8).reverse().entries())
        expect(furthest(row, await encoder.encode([TEXTS[i % TEXTS.length]!]))).toBeLessThan(1e-5);
    });
  });

  it('pools the mean of all tokens, or takes the first', async () => {
    const [mean, first] = await Promise.all(
      (['mean', 'cls'] as const).map((pooling) =>
        withEncoder(tiny, (e) => e.encode(['wine grape']), { pooling }),
      ),
    );
    expect(furthest(mean!, first!)).toBeGreaterThan(0.01);
  });

  it('cuts a long text to the longest that the model takes, and keeps the token that ends it', async () => {
    await withEncoder(tiny, async (encoder) => {
      const words = (n: number) => 'wine '.repeat(n);
      const room = TINY_LONGEST - 2;
      const full = await encoder.encode([words(room)]);
      expect(await encoder.encode([`${words(room)}grape grape`])).toEqual(full);
      expect(await encoder.encode([`${words(room - 1)}grape grape`])).not.toEqual(full);
      expect(await encoder.encode([words(500_000)])).toEqual(full);
    });
  });

  it('has a fingerprint that changes with the weights, the tokeniser and the pooling, and with nothing else', async () => {
    const print = (model: string, options?: HubEncoderOptions) =>
      withEncoder(model, (encoder) => Promise.resolve(encoder.fingerprint), options);
    const base = await print(tiny);
    expect(await print(await makeTiny('tiny-again'))).toBe(base);
    const others = [
      await print(tiny, { pooling: 'cls' }),
      await print(await makeTiny('tiny-other', { seed: 2 })),
    ];
    const path = `${await makeTiny('tiny-words')}/tokenizer.json`;
    await writeFile(path, (await readFile(path, 'utf8')).replace('"lowercase":true', '"lowercase":false'));
    others.push(await print(folder.path('tiny-words')));
    expect(new Set([base, ...others]).size).toBe(4);
  });

  it('stops where the signal says so, and says that it was closed', async () => {
    const encoder = await openHubEncoder(tiny);
    await expect(encoder.encode(TEXTS, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
    await encoder.close();
    await encoder.close();
    await expect(encoder.encode(['x'])).rejects.toMatchObject({ code: 'E_CLOSED' });
  });

  it('names what a folder lacks, and the number formats that it has', async () => {
    await expect(openHubEncoder(folder.path('nowhere'))).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      message: expect.stringContaining('config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx'),
      hint: expect.stringContaining('layout of transformers.js'),
    });
    await expect(openHubEncoder(tiny, { dtype: 'q8' })).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      message: expect.stringContaining('onnx/model_quantized.onnx is missing'),
      hint: expect.stringContaining('has onnx/model.onnx'),
    });
  });

  it('refuses a name that is none, and an unknown number format', async () => {
    for (const name of ['', 'a/b/c', 'owner/na me', 'https://example.org/x'])
      await expect(openHubEncoder(name)).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
    await expect(openHubEncoder(tiny, { dtype: 'fp8' as 'fp16' })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      hint: expect.stringContaining('fp32, fp16, q8'),
    });
  });

  it('refuses a model that is cut short or something else', async () => {
    const dir = await makeTiny('cut');
    await truncate(`${dir}/onnx/model.onnx`, 400);
    await expect(openHubEncoder(dir)).rejects.toMatchObject({
      code: 'E_ENCODER',
      hint: expect.stringContaining('may be cut short'),
    });
    await copyFile(`${tiny}/onnx/model.onnx`, `${dir}/onnx/model.onnx`);
    await writeFile(`${dir}/tokenizer.json`, '{"model":');
    await expect(openHubEncoder(dir)).rejects.toMatchObject({ code: 'E_ENCODER' });
  });

  it('downloads nothing where that is not allowed, and says how to go on', async () => {
    const options = { localOnly: true, cacheDir: folder.path('hub-cache') };
    await expect(openHubEncoder('tagdistill/never-published', options)).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      hint: expect.stringContaining('Allow downloads once'),
    });
  });

  it('finds a downloaded model in the cache by its hub name, without a network', async () => {
    const cacheDir = folder.path('hub-cache');
    await writeTinyEncoder(`${cacheDir}/owner/tiny`);
    const told = (model: string, options?: HubEncoderOptions) =>
      withEncoder(model, ({ name, fingerprint }) => Promise.resolve({ name, fingerprint }), options);
    const { fingerprint } = await told(tiny);
    expect(await told('owner/tiny', { localOnly: true, cacheDir })).toEqual({
      name: 'owner/tiny',
      fingerprint,
    });
    await rm(cacheDir, { recursive: true });
  });
});

describe('importOptional', () => {
  it('says which package to install', async () => {
    const absent: string = 'no-such-package-of-anyone';
    await expect(importOptional(absent, () => import(absent) as Promise<unknown>)).rejects.toMatchObject({
      code: 'E_PACKAGE_MISSING',
      hint: `Run: npm install ${absent}`,
    });
  });
});
