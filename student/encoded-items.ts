import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TagdistillError, messageOf } from '../src/core/errors.js';
import { sha256 } from '../src/core/hash.js';
import type { OnProgress } from '../src/core/progress.js';
import { readArrowRows } from '../src/dataset/arrow-reader.js';
import { ArrowFileWriter } from '../src/dataset/arrow-writer.js';
import type { DenseEncoder } from '../src/features/dense-encoder.js';

export interface EncodeItemsOptions {
  /** Folder of the cache; each encoder gets a folder in it. */
  readonly cacheDir: string;
  /** Told of the texts that the cache lacks. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const ROWS_PER_SHARD = 4096;
const TEXTS_PER_CALL = 256;
const HASH_DIGITS = 32;

/**
 * Encode the texts of items, or take their vectors from the cache.
 *
 * New vectors go into the cache 4,096 at a time, and on a stop or an error as many as there are: what was computed
 * is not computed again. A text that comes twice is encoded once. A damaged file of the cache is made again.
 *
 * @returns shape [items.texts.length, encoder.nDims]
 * @throws TagdistillError `E_ABORTED`, `E_FILE_WRITE`, and what the encoder throws
 */
export async function encodeItems(
  items: { readonly texts: readonly string[] },
  encoder: DenseEncoder,
  { cacheDir, onProgress, signal }: EncodeItemsOptions,
): Promise<Float32Array> {
  const { nDims } = encoder;
  const vectors = new Float32Array(items.texts.length * nDims); // [n, nDims]
  const rowsOf = new Map<string, number[]>(); // those still to fill, by the text's hash
  for (const [row, text] of items.texts.entries()) {
    const hash = sha256(text).slice(0, HASH_DIGITS);
    const rows = rowsOf.get(hash);
    if (rows === undefined) rowsOf.set(hash, [row]);
    else rows.push(row);
  }
  const fill = (hash: string, vector: Float32Array): void => {
    for (const row of rowsOf.get(hash) ?? []) vectors.set(vector, row * nDims);
    rowsOf.delete(hash);
  };
  const dir = await openFolder(join(cacheDir, encoder.fingerprint.slice(0, HASH_DIGITS)));
  const nTexts = rowsOf.size;
  await readShards(dir, nDims, fill);
  const missing = [...rowsOf].map(([hash, rows]) => ({ hash, text: items.texts[rows[0]!]! }));
  const cached = nTexts - missing.length;
  for (let start = 0; start < missing.length; start += ROWS_PER_SHARD) {
    const shard = missing.slice(start, start + ROWS_PER_SHARD);
    await writeShard(dir, shard, {
      encoder,
      fill,
      onDone: (done) =>
        onProgress?.({ stage: 'encode', done: start + done, total: missing.length, figures: { cached } }),
      ...(signal && { signal }),
    });
  }
  return vectors;
}

type Fill = (hash: string, vector: Float32Array) => void;

interface HashedText {
  readonly hash: string;
  readonly text: string;
}

async function openFolder(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_WRITE', `cannot make the folder of the cache: ${messageOf(cause)}`, {
      file: dir,
      hint: 'Give a cache folder that can be written to.',
      cause,
    });
  });
  return dir;
}

async function readShards(dir: string, nDims: number, fill: Fill): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.arrow')).sort();
  for (const name of names) {
    const path = join(dir, name);
    try {
      for await (const rows of readArrowRows(path, 'encoded_texts')) {
        for (const { text_hash, embedding } of rows) {
          if (embedding?.length === nDims && embedding.every(Number.isFinite)) fill(text_hash, embedding);
        }
      }
    } catch (error) {
      if (!(error instanceof TagdistillError) || !/^E_FILE_(EMPTY|FORMAT)$/.test(error.code)) throw error;
      await rm(path);
    }
  }
}

interface ShardOptions {
  readonly encoder: DenseEncoder;
  readonly fill: Fill;
  readonly onDone: (nTexts: number) => void;
  readonly signal?: AbortSignal;
}

async function writeShard(
  dir: string,
  texts: readonly HashedText[],
  { encoder, fill, onDone, signal }: ShardOptions,
): Promise<void> {
  const { nDims } = encoder;
  // Named by its first text, which no other file of the cache has.
  const path = join(dir, `${texts[0]!.hash}.arrow`);
  const writer = await ArrowFileWriter.create(path, 'encoded_texts', { nDims });
  try {
    for (let start = 0; start < texts.length; start += TEXTS_PER_CALL) {
      const batch = texts.slice(start, start + TEXTS_PER_CALL);
      const vectors = await encoder.encode(
        batch.map(({ text }) => text),
        signal && { signal },
      );
      for (const [i, { hash }] of batch.entries()) {
        const embedding = vectors.slice(i * nDims, (i + 1) * nDims);
        await writer.append({ text_hash: hash, embedding });
        fill(hash, embedding);
      }
      onDone(start + batch.length);
    }
  } finally {
    if (writer.nRows > 0) await writer.close();
    else await writer.abort();
  }
}
