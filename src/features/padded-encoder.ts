import { TagdistillError } from '../core/errors.js';
import type { DenseEncoder, EncodeOptions } from './dense-encoder.js';
import { poolTokens, type Pooling } from './pool-tokens.js';
import { MAX_TEXT_UNITS } from './words.js';

/** A text's token ids, with those that start and end it, cut to the model's longest. */
export type Tokenise = (text: string) => readonly number[];

/** Token ids as padded arrays; the mask is 1 where a token stands. */
export interface TokenBatch {
  /** shape dims */
  readonly ids: BigInt64Array;
  /** shape dims */
  readonly mask: BigInt64Array;
  /** [nTexts, width] */
  readonly dims: readonly [number, number];
}

/** Gives a vector a token, shape [nTexts, width, nDims]. */
export type TokenModel = (
  batch: TokenBatch,
) => Promise<{ readonly data: Float32Array; readonly nDims: number }>;

export interface PaddedEncoderOptions {
  readonly name: string;
  readonly fingerprint: string;
  readonly pooling: Pooling;
  readonly padId: number;
  readonly release: () => Promise<void>;
}

const TEXTS_PER_WINDOW = 1024;
const TEXTS_PER_BATCH = 32;
const TOKENS_PER_BATCH = 2048;
const BATCH_TOLERANCE = 1e-5;
const PROBE: readonly [string, string] = [
  'A short text.',
  'Another text, 另一篇文章, which says a little more than the one that stands before it.',
];

/**
 * Runs a token model over texts in batches of alike length, and pools.
 *
 * Models that quantise as they run take one scale a batch, so that a text's vector depends on its neighbours: such
 * a model is found by a probe, and gets one text at a time.
 */
export class PaddedEncoder implements DenseEncoder {
  readonly name: string;
  readonly fingerprint: string;
  private textsPerBatch = 1;
  private isClosed = false;

  private constructor(
    private readonly tokenise: Tokenise,
    private readonly run: TokenModel,
    private readonly options: PaddedEncoderOptions,
    readonly nDims: number,
  ) {
    this.name = options.name;
    this.fingerprint = options.fingerprint;
  }

  /** Find out the length of the vectors, and whether batches change them. */
  static async open(
    tokenise: Tokenise,
    run: TokenModel,
    options: PaddedEncoderOptions,
  ): Promise<PaddedEncoder> {
    try {
      const { nDims } = await run(padTokens([tokenise(PROBE[0])], options.padId));
      const encoder = new PaddedEncoder(tokenise, run, options, nDims);
      const alone = await encoder.encode(PROBE);
      encoder.textsPerBatch = TEXTS_PER_BATCH;
      const together = await encoder.encode(PROBE);
      const isSame = together.every((value, i) => Math.abs(value - alone[i]!) <= BATCH_TOLERANCE);
      if (!isSame) encoder.textsPerBatch = 1;
      return encoder;
    } catch (error) {
      await options.release();
      throw error;
    }
  }

  /** @throws TagdistillError `E_ABORTED`, `E_CLOSED`, `E_ENCODER` if the model gives a number that is not finite */
  async encode(texts: readonly string[], { signal }: EncodeOptions = {}): Promise<Float32Array> {
    const vectors = new Float32Array(texts.length * this.nDims); // [texts.length, nDims]
    for (let start = 0; start < texts.length; start += TEXTS_PER_WINDOW) {
      const window = texts.slice(start, start + TEXTS_PER_WINDOW).map((text, i) => ({
        row: start + i,
        ids: this.tokenise(text.slice(0, MAX_TEXT_UNITS).toWellFormed()),
      }));
      // The longest first, so that memory peaks at the start.
      window.sort((a, b) => b.ids.length - a.ids.length || a.row - b.row);
      for (let first = 0; first < window.length;) {
        if (signal?.aborted === true) {
          throw new TagdistillError('E_ABORTED', `encoding was stopped within ${texts.length} texts`, {
            cause: signal.reason,
          });
        }
        const width = Math.max(1, window[first]!.ids.length);
        const nTexts = Math.max(1, Math.min(this.textsPerBatch, Math.floor(TOKENS_PER_BATCH / width)));
        const batch = window.slice(first, first + nTexts);
        const pooled = await this.runBatch(batch.map(({ ids }) => ids));
        batch.forEach(({ row }, i) => {
          vectors.set(pooled.subarray(i * this.nDims, (i + 1) * this.nDims), row * this.nDims);
        });
        first += nTexts;
      }
    }
    return vectors;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.options.release();
  }

  private async runBatch(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    if (this.isClosed) throw new TagdistillError('E_CLOSED', 'the encoder was closed');
    const batch = padTokens(tokens, this.options.padId);
    const { data, nDims } = await this.run(batch);
    const lengths = tokens.map((ids) => ids.length);
    const pooled = poolTokens(data, lengths, { width: batch.dims[1], nDims, pooling: this.options.pooling });
    const wrong = pooled.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return pooled;
    throw new TagdistillError('E_ENCODER', `${this.name} gives ${pooled[wrong]!} for a text`, {
      hint: 'Choose another dtype, e.g. fp32.',
    });
  }
}

function padTokens(tokens: readonly (readonly number[])[], padId: number): TokenBatch {
  const width = tokens.reduce((most, ids) => Math.max(most, ids.length), 1);
  const ids = new BigInt64Array(tokens.length * width).fill(BigInt(padId)); // [nTexts, width]
  const mask = new BigInt64Array(tokens.length * width); // [nTexts, width]
  tokens.forEach((of, row) => {
    of.forEach((id, i) => {
      ids[row * width + i] = BigInt(id);
      mask[row * width + i] = 1n;
    });
  });
  return { ids, mask, dims: [tokens.length, width] };
}
