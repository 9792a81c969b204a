import { basename, resolve } from 'node:path';
import { TagdistillError } from '../../src/core/errors.js';
import { packageVersion } from '../../src/core/package-info.js';
import type { OnProgress } from '../../src/core/progress.js';
import type { EncoderManifest } from '../../src/features/encoder-manifest.js';
import type { TokenTable } from '../../src/features/static-encoder.js';
import { quantiseRows } from '../../src/onnx/quantise.js';
import { embedTokens } from './embed-tokens.js';
import { openSentenceEncoder } from './open-sentence-encoder.js';
import { principalComponents } from './principal-components.js';
import { staticTokenizer } from './static-tokenizer.js';
import { listTokens } from './token-list.js';
import { zipfWeights } from './token-weights.js';
import { refuseOtherFolder } from '../../src/bundle/write-folder.js';
import { ENCODER_FOLDER, writeEncoder } from './write-encoder.js';

export interface DistillEncoderOptions {
  /** Folder to write; an old encoder there is replaced. */
  readonly out: string;
  readonly nDims?: number;
  /** The a of a / (a + p); a smaller one gives frequent tokens less weight. */
  readonly sif?: number;
  /** Tokens of a text that the encoder will read. */
  readonly maxTokens?: number;
  /** Name of the source, for the card (default: its folder's). */
  readonly name?: string | undefined;
  /** SPDX identifier of the source's licence. */
  readonly licence?: string | undefined;
  readonly threads?: number;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Make a static encoder of a sentence encoder, and write it: the recipe of Model2Vec.
 *
 * Each token alone through the encoder, principal components, weights by frequency, int8. The same source and options
 * give the same numbers on the same machine. Memory: tokens times the source's width, in float32, three times.
 *
 * @param source folder with `onnx/model.onnx`, `tokenizer.json` and `config.json`, as transformers.js wants it
 * @throws TagdistillError `E_BAD_OPTION`, `E_FILE_MISSING`, `E_FILE_FORMAT`, `E_FILE_EXISTS`, `E_FILE_WRITE`, `E_ABORTED`
 * @see https://github.com/MinishLab/model2vec
 */
export async function distillEncoder(
  source: string,
  {
    out,
    nDims = 256,
    sif = 1e-4,
    maxTokens = 512,
    name = basename(resolve(source)),
    licence,
    threads = 2,
    onProgress,
    signal,
  }: DistillEncoderOptions,
): Promise<EncoderManifest> {
  checkOption('nDims', nDims, Number.isInteger(nDims) && nDims >= 1, 'a whole number from 1 up');
  checkOption(
    'maxTokens',
    maxTokens,
    Number.isInteger(maxTokens) && maxTokens >= 1,
    'a whole number from 1 up',
  );
  checkOption('sif', sif, sif > 0 && sif < 1, 'a number between 0 and 1');
  await refuseOtherFolder(out, ENCODER_FOLDER);
  const model = await openSentenceEncoder(source, { threads });
  try {
    const tokens = listTokens(model.tokenizerJson, model.tokenizerFile);
    const vectors = await embedTokens(model, tokens, { onProgress, signal });
    const { scores, nKept, explained } = await principalComponents(vectors.values, vectors.nDims, {
      nKept: nDims,
      threads,
      onProgress,
      signal,
    });
    const rounded = quantiseRows(scores, nKept);
    const weights = zipfWeights(tokens.kept.length, sif).map((weight, i) => weight * rounded.scales[i]!);
    const table = spread(rounded.values, weights, {
      nTokens: tokens.nTokens,
      kept: tokens.kept,
      nDims: nKept,
    });
    return await writeEncoder(out, {
      manifest: {
        kind: 'static',
        name: basename(resolve(out)),
        licence: licence ?? null,
        toolVersion: packageVersion(),
        nTokens: tokens.nTokens,
        nDims: nKept,
        maxTokens,
        source: { name, sha256: model.modelSha256, nDims: vectors.nDims },
        recipe: {
          pooling: 'mean',
          sif,
          nKept: tokens.kept.length,
          explainedVariance: explained,
          smallestRowCosine: smallestRowCosine(scores, rounded.values, nKept),
        },
      },
      table,
      tokenizerJson: staticTokenizer(model.tokenizerJson),
    });
  } finally {
    await model.session.release();
  }
}

/** Put the kept tokens' rows at their ids; other rows stay zero. */
function spread(
  rows: Int8Array,
  rowWeights: Float64Array,
  {
    nTokens,
    kept,
    nDims,
  }: { readonly nTokens: number; readonly kept: readonly number[]; readonly nDims: number },
): TokenTable {
  const table = new Int8Array(nTokens * nDims); // [nTokens, nDims]
  const weights = new Float32Array(nTokens);
  kept.forEach((id, row) => {
    table.set(rows.subarray(row * nDims, (row + 1) * nDims), id * nDims);
    weights[id] = rowWeights[row]!;
  });
  return { nDims, table, weights };
}

/** The smallest cosine between a row and its rounded self; rows of zeros are left out. */
function smallestRowCosine(rows: Float32Array, rounded: Int8Array, nDims: number): number {
  let smallest = 1;
  for (let start = 0; start < rows.length; start += nDims) {
    let dot = 0;
    let squares = 0;
    let roundedSquares = 0;
    for (let i = start; i < start + nDims; i++) {
      dot += rows[i]! * rounded[i]!;
      squares += rows[i]! ** 2;
      roundedSquares += rounded[i]! ** 2;
    }
    if (roundedSquares > 0) smallest = Math.min(smallest, dot / Math.sqrt(squares * roundedSquares));
  }
  return smallest;
}

function checkOption(option: string, value: number, isGood: boolean, wanted: string): void {
  if (isGood) return;
  throw new TagdistillError('E_BAD_OPTION', `${option} should be ${wanted}, found ${value}`, {
    hint: 'Leave it out for the default.',
  });
}
