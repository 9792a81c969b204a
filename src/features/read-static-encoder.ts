import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TagdistillError, messageOf } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import { parseJson } from '../core/parse-json.js';
import { ENCODER_FILES, checkEncoderManifest, type EncoderManifest } from './encoder-manifest.js';
import { decodeSafetensors } from './safetensors.js';
import { StaticEncoder, type TokenTable } from './static-encoder.js';
import { openTokenizer } from './tokenizer.js';

/** A static encoder that was read from its folder. */
export interface OpenStaticEncoder {
  readonly encoder: StaticEncoder;
  readonly manifest: EncoderManifest;
}

/**
 * Read the folder of a static encoder, and hold its files against their checksums.
 *
 * @throws TagdistillError `E_FILE_MISSING`, `E_FILE_FORMAT`, `E_BUNDLE_VERSION` or `E_BUNDLE_CHECKSUM`
 */
export async function readStaticEncoder(dir: string): Promise<OpenStaticEncoder> {
  const manifestFile = join(dir, ENCODER_FILES.manifest);
  const manifestBytes = await readBytes(manifestFile);
  const manifest = checkEncoderManifest(parseEncoderJson(manifestBytes, manifestFile), manifestFile);
  const tableFile = join(dir, ENCODER_FILES.table);
  const tokenizerFile = join(dir, ENCODER_FILES.tokenizer);
  const tableBytes = await readChecked(tableFile, manifest.files[ENCODER_FILES.table]!.sha256);
  const tokenizerBytes = await readChecked(tokenizerFile, manifest.files[ENCODER_FILES.tokenizer]!.sha256);
  const table = readTable(tableBytes, manifest, tableFile);
  const tokenizer = await openTokenizer(parseEncoderJson(tokenizerBytes, tokenizerFile), tokenizerFile);
  if (tokenizer.nTokens > manifest.nTokens) {
    throw new TagdistillError(
      'E_FILE_FORMAT',
      `the tokenizer has ${tokenizer.nTokens} tokens, the table has ${manifest.nTokens} rows`,
      { file: tokenizerFile, hint: 'Take both files from one encoder.' },
    );
  }
  return { encoder: new StaticEncoder(tokenizer, table, manifest.maxTokens), manifest };
}

function readTable(bytes: Uint8Array, { nTokens, nDims }: EncoderManifest, file: string): TokenTable {
  const tensors = decodeSafetensors(bytes, file);
  const table = tensors.get('embeddings');
  const weights = tensors.get('weights');
  if (table?.dtype !== 'I8' || table.shape.join() !== `${nTokens},${nDims}`) {
    throw wrongTensor('embeddings', `int8 [${nTokens}, ${nDims}]`, table, file);
  }
  if (weights?.dtype !== 'F32' || weights.shape.join() !== String(nTokens)) {
    throw wrongTensor('weights', `float32 [${nTokens}]`, weights, file);
  }
  const bad = weights.data.findIndex((weight) => !Number.isFinite(weight));
  if (bad >= 0) {
    throw new TagdistillError('E_FILE_FORMAT', `the weight of token ${bad} is ${weights.data[bad]}`, {
      file,
      hint: 'Make the encoder again with `tagdistill encoder distill`.',
    });
  }
  return { nDims, table: table.data, weights: weights.data };
}

function wrongTensor(
  name: string,
  wanted: string,
  found: { readonly dtype: string; readonly shape: readonly number[] } | undefined,
  file: string,
): TagdistillError {
  const shown =
    found === undefined ? 'none of int8 or float32' : `${found.dtype} [${found.shape.join(', ')}]`;
  return new TagdistillError('E_FILE_FORMAT', `tensor ${name} should be ${wanted}, found ${shown}`, {
    file,
    hint: 'Copy the encoder folder again, or make it again with `tagdistill encoder distill`.',
  });
}

async function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_MISSING', `cannot read a file of the encoder: ${messageOf(cause)}`, {
      file,
      hint: 'Give the folder that `tagdistill encoder distill ... --out <folder>` wrote.',
      cause,
    });
  });
}

async function readChecked(file: string, expected: string): Promise<Uint8Array> {
  const bytes = await readBytes(file);
  const found = sha256(bytes);
  if (found === expected) return bytes;
  throw new TagdistillError(
    'E_BUNDLE_CHECKSUM',
    `sha256 is ${found.slice(0, 12)}..., ${ENCODER_FILES.manifest} says ${expected.slice(0, 12)}... (${bytes.length} bytes on disk)`,
    { file, hint: 'The file was changed or cut short: copy the encoder again, or make it again.' },
  );
}

function parseEncoderJson(bytes: Uint8Array, file: string): unknown {
  return parseJson(bytes, { code: 'E_FILE_FORMAT', file, hint: 'Copy the encoder folder again, whole.' });
}
