import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/hash.js';
import { readStaticEncoder } from '../../src/features/read-static-encoder.js';
import { encodeSafetensors, type StoredTensor } from '../../src/features/safetensors.js';
import { distillEncoder } from '../../student/encoder/distill-encoder.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTinyEncoder } from '../support/tiny-encoder.js';

const folder = temporaryFolder();
let nCopies = 0;
beforeAll(async () => {
  await writeTinyEncoder(folder.path('source'));
  await distillEncoder(folder.path('source'), { out: folder.path('good'), nDims: 4 });
});

/** A copy of the good folder to break. */
async function copy(): Promise<string> {
  const dir = folder.path(`copy-${++nCopies}`);
  await cp(folder.path('good'), dir, { recursive: true });
  return dir;
}

/** Put other contents into a file, and its checksum into the manifest. */
async function replace(dir: string, name: string, data: Uint8Array | string): Promise<void> {
  const manifest = await readManifest(dir);
  manifest.files[name] = { sha256: sha256(data), sizeBytes: data.length };
  await writeFile(join(dir, name), data);
  await writeFile(join(dir, 'encoder.json'), JSON.stringify(manifest));
}

const readManifest = async (
  dir: string,
): Promise<Record<string, unknown> & { files: Record<string, unknown>; nTokens: number }> =>
  JSON.parse(await readFile(join(dir, 'encoder.json'), 'utf8')) as never;

const fails = (dir: string, code: string, message: string) =>
  expect(readStaticEncoder(dir)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
    hint: expect.any(String),
  });

describe('readStaticEncoder', () => {
  it('reads what was written', async () => {
    const { encoder, manifest } = await readStaticEncoder(folder.path('good'));
    expect(encoder).toMatchObject({ nDims: 4, nTokens: manifest.nTokens, maxTokens: 512 });
    expect(Math.hypot(...encoder.vector('wine, grapes'))).toBeCloseTo(1, 5);
  });

  it.each(['encoder.json', 'model.safetensors', 'tokenizer.json'])(
    'names %s when it is missing',
    async (name) => {
      const dir = await copy();
      await rm(join(dir, name));
      await fails(dir, 'E_FILE_MISSING', name);
    },
  );

  it('names a folder that is not there', () => fails(folder.path('nowhere'), 'E_FILE_MISSING', 'nowhere'));

  it.each(['model.safetensors', 'tokenizer.json'])('refuses %s when it is cut short', async (name) => {
    const dir = await copy();
    await truncate(join(dir, name), 100);
    await fails(dir, 'E_BUNDLE_CHECKSUM', '(100 bytes on disk)');
  });

  it.each([
    ['', 'no JSON'],
    ['{"formatVersion":', 'no JSON'],
    ['[]', 'the manifest should be a JSON object, found []'],
    ['{"formatVersion":1,"kind":"other"}', 'kind should be "static", found "other"'],
    ['{"formatVersion":1,"kind":"static"}', 'name should be a text, found nothing'],
    [
      '{"formatVersion":1,"kind":"static","name":"x","nTokens":-1}',
      'nTokens should be a whole number from 1 up, found -1',
    ],
  ])('names what is wrong with the manifest %j', async (text, message) => {
    const dir = await copy();
    await writeFile(join(dir, 'encoder.json'), text);
    await fails(dir, 'E_FILE_FORMAT', message);
  });

  it('refuses another layout version', async () => {
    const dir = await copy();
    await writeFile(join(dir, 'encoder.json'), '{"formatVersion":99}');
    await fails(dir, 'E_BUNDLE_VERSION', 'encoder format version 99, this package reads 1');
  });

  it.each<[string, Record<string, StoredTensor>, string]>([
    ['no tensors', {}, 'tensor embeddings should be int8 [24, 4], found none of int8 or float32'],
    [
      'a table in float32',
      { embeddings: { dtype: 'F32', shape: [24, 4], data: new Float32Array(96) } },
      'found F32 [24, 4]',
    ],
    [
      'too few weights',
      {
        weights: { dtype: 'F32', shape: [2], data: new Float32Array(2) },
        embeddings: { dtype: 'I8', shape: [24, 4], data: new Int8Array(96) },
      },
      'tensor weights should be float32 [24], found F32 [2]',
    ],
    [
      'a weight that is NaN',
      {
        weights: { dtype: 'F32', shape: [24], data: new Float32Array(24).fill(Number.NaN, 7, 8) },
        embeddings: { dtype: 'I8', shape: [24, 4], data: new Int8Array(96) },
      },
      'the weight of token 7 is NaN',
    ],
  ])('refuses a table with %s', async (_, tensors, message) => {
    const dir = await copy();
    expect((await readManifest(dir)).nTokens).toBe(24);
    await replace(dir, 'model.safetensors', encodeSafetensors(tensors));
    await fails(dir, 'E_FILE_FORMAT', message);
  });

  it('refuses a tokenizer with more tokens than the table has rows', async () => {
    const dir = await copy();
    const file = join(dir, 'tokenizer.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as { model: { vocab: Record<string, number> } };
    json.model.vocab['beer'] = 24;
    await replace(dir, 'tokenizer.json', JSON.stringify(json));
    await fails(dir, 'E_FILE_FORMAT', 'the tokenizer has 25 tokens, the table has 24 rows');
  });
});
