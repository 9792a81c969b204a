import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TagdistillError, messageOf } from '../../src/core/errors.js';
import { sha256 } from '../../src/core/hash.js';
import {
  ENCODER_FILES,
  ENCODER_FORMAT_VERSION,
  type EncoderManifest,
} from '../../src/features/encoder-manifest.js';
import { encodeSafetensors } from '../../src/features/safetensors.js';
import type { TokenTable } from '../../src/features/static-encoder.js';
import { encoderCard } from './encoder-card.js';

export interface EncoderParts {
  readonly manifest: Omit<EncoderManifest, 'formatVersion' | 'files'>;
  readonly table: TokenTable;
  readonly tokenizerJson: object;
}

/**
 * Write the folder of a static encoder, in the layout of Model2Vec: whole or not at all. An old encoder at the same
 * place is replaced at the end.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `dir` holds something else, `E_FILE_WRITE` if the disk refuses
 */
export async function writeEncoder(
  dir: string,
  { manifest: parts, table: { nDims, table, weights }, tokenizerJson }: EncoderParts,
): Promise<EncoderManifest> {
  await refuseOtherFolder(dir);
  const config = {
    model_type: 'model2vec',
    architectures: ['StaticModel'],
    tokenizer_name: parts.source.name,
    apply_pca: nDims,
    sif_coefficient: parts.recipe['sif'],
    hidden_dim: nDims,
    seq_length: 1_000_000,
    max_length: parts.maxTokens,
    normalize: true,
    pooling: parts.recipe['pooling'],
    embedding_dtype: 'int8',
  };
  const contents: Record<string, Uint8Array | string> = {
    [ENCODER_FILES.table]: encodeSafetensors({
      weights: { dtype: 'F32', shape: [weights.length], data: weights },
      embeddings: { dtype: 'I8', shape: [weights.length, nDims], data: table },
    }),
    [ENCODER_FILES.tokenizer]: JSON.stringify(tokenizerJson),
    [ENCODER_FILES.config]: `${JSON.stringify(config, null, 2)}\n`,
  };
  const files = Object.fromEntries(
    Object.entries(contents).map(([path, data]) => [
      path,
      { sha256: sha256(data), sizeBytes: Buffer.byteLength(data) },
    ]),
  );
  const manifest: EncoderManifest = { formatVersion: ENCODER_FORMAT_VERSION, ...parts, files };
  contents[ENCODER_FILES.card] = encoderCard(manifest);
  contents[ENCODER_FILES.manifest] = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFolder(dir, contents);
  return manifest;
}

/**
 * Check, before long work, that an encoder may be written to a folder.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `dir` is a file or holds something else than an encoder
 */
export async function refuseOtherFolder(dir: string): Promise<void> {
  const entries = await readdir(dir).catch((error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : ['(a file)'],
  );
  if (entries.length === 0 || entries.includes(ENCODER_FILES.manifest)) return;
  throw new TagdistillError(
    'E_FILE_EXISTS',
    `no encoder stands here, but ${entries.slice(0, 3).join(', ')}`,
    {
      file: dir,
      hint: 'Give --out a new folder, or one that holds an encoder to replace.',
    },
  );
}

async function writeFolder(
  dir: string,
  contents: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const target = resolve(dir);
  const temporary = `${target}.tmp-${process.pid}`;
  const old = `${target}.old-${process.pid}`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    for (const [path, data] of Object.entries(contents)) await writeFile(join(temporary, path), data);
    const isReplaced = await rename(target, old).then(
      () => true,
      () => false,
    );
    await rename(temporary, target).catch(async (cause: unknown) => {
      if (isReplaced) await rename(old, target);
      throw cause;
    });
    await rm(old, { recursive: true, force: true });
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    throw new TagdistillError('E_FILE_WRITE', `cannot write the encoder: ${messageOf(cause)}`, {
      file: dir,
      hint: 'Check free space and permissions; nothing was left half written.',
      cause,
    });
  }
}
