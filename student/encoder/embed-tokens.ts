import * as ort from 'onnxruntime-node';
import { TagdistillError, messageOf } from '../../src/core/errors.js';
import type { OnProgress } from '../../src/core/progress.js';
import type { SentenceEncoder } from './open-sentence-encoder.js';
import type { TokenList } from './token-list.js';

const TOKENS_PER_RUN = 256;

export interface EmbedTokensOptions {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Vectors of tokens, shape [n, nDims]. */
export interface TokenVectors {
  readonly nDims: number;
  readonly values: Float32Array;
}

/**
 * Run each kept token, between the model's special tokens, through the encoder, and average over all positions.
 *
 * Each run has 256 tokens of one length, so that nothing is padded and memory stays bounded.
 *
 * @throws TagdistillError `E_FILE_FORMAT` if a run fails or gives no finite numbers, `E_ABORTED`
 */
export async function embedTokens(
  { session, output, tokenizerFile }: SentenceEncoder,
  { kept, before, after }: TokenList,
  { onProgress, signal }: EmbedTokensOptions = {},
): Promise<TokenVectors> {
  const length = before.length + 1 + after.length;
  let nDims = 0;
  let values = new Float32Array(0);
  for (let start = 0; start < kept.length; start += TOKENS_PER_RUN) {
    if (signal?.aborted === true) {
      throw new TagdistillError('E_ABORTED', `stopped after ${start} of ${kept.length} tokens`, {
        cause: signal.reason,
      });
    }
    const ids = kept.slice(start, start + TOKENS_PER_RUN);
    const { data, dims } = await run(ids);
    if (nDims === 0) {
      nDims = dims[2]!;
      values = new Float32Array(kept.length * nDims); // [n, nDims]
    }
    average(data, length, nDims, values.subarray(start * nDims, (start + ids.length) * nDims));
    onProgress?.({ stage: 'embed tokens', done: start + ids.length, total: kept.length });
  }
  return { nDims, values };

  async function run(ids: readonly number[]): Promise<{ data: Float32Array; dims: readonly number[] }> {
    const shape = [ids.length, length];
    const cells = BigInt64Array.from(ids.flatMap((id) => [...before, id, ...after]).map(BigInt));
    const feeds: Record<string, ort.Tensor> = {
      input_ids: new ort.Tensor('int64', cells, shape),
      attention_mask: new ort.Tensor('int64', new BigInt64Array(cells.length).fill(1n), shape),
      token_type_ids: new ort.Tensor('int64', new BigInt64Array(cells.length), shape),
    };
    const named = session.inputNames.map((name) => [name, feeds[name]!] as const);
    const found = await session.run(Object.fromEntries(named), [output]).then(
      (results) => results[output]!,
      (cause: unknown) => {
        throw new TagdistillError(
          'E_FILE_FORMAT',
          `the model failed on tokens ${ids[0]!}...: ${messageOf(cause)}`,
          {
            file: tokenizerFile,
            hint: 'Check that model and tokenizer belong together.',
            cause,
          },
        );
      },
    );
    const { dims, type, data } = found;
    if (type !== 'float32' || dims.length !== 3 || dims[0] !== ids.length || dims[1] !== length) {
      throw new TagdistillError(
        'E_FILE_FORMAT',
        `the model gave ${type} [${dims.join(', ')}], wanted is float32 [${ids.length}, ${length}, width]`,
        { file: tokenizerFile, hint: 'Export the encoder in float32, with an output a token.' },
      );
    }
    return { data: data as Float32Array, dims };
  }
}

/** Average over positions: hidden [n, length, nDims] to out [n, nDims]. Numbers that are not finite become 0. */
function average(hidden: Float32Array, length: number, nDims: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    const first = Math.floor(i / nDims) * length * nDims + (i % nDims);
    let sum = 0;
    for (let p = 0; p < length; p++) sum += hidden[first + p * nDims]!;
    out[i] = Number.isFinite(sum) ? sum / length : 0;
  }
}
