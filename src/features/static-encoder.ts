import { TagdistillError } from '../core/errors.js';
import type { Tokenizer } from './tokenizer.js';

/** What a static encoder knows of each token. */
export interface TokenTable {
  readonly nDims: number;
  /** shape [nTokens, nDims] */
  readonly table: Int8Array;
  /** shape [nTokens], scale of the row times the token's weight; 0 for a token that says nothing */
  readonly weights: Float32Array;
}

/** The known tokens of a text, repeats included: rows of the table, and their weights. */
export interface WeightedTokens {
  /** shape [n] */
  readonly ids: Int32Array;
  /** shape [n] */
  readonly weights: Float32Array;
}

/**
 * Turns a text into a vector by adding up the vectors of its tokens: no model runs.
 *
 * The vector is sum(weight * row), brought to length 1. A text without a known token gives zeros.
 */
export class StaticEncoder implements TokenTable {
  readonly nTokens: number;
  readonly nDims: number;
  readonly table: Int8Array;
  readonly weights: Float32Array;

  /**
   * @param maxTokens read so many tokens of a text, unknown ones counted
   * @throws TagdistillError `E_BAD_INPUT` if table, weights and tokenizer are not of one size
   */
  constructor(
    readonly tokenizer: Tokenizer,
    { nDims, table, weights }: TokenTable,
    readonly maxTokens = 512,
  ) {
    this.nTokens = weights.length;
    this.nDims = nDims;
    this.table = table;
    this.weights = weights;
    if (table.length !== weights.length * nDims || tokenizer.nTokens > weights.length) {
      throw new TagdistillError(
        'E_BAD_INPUT',
        `${weights.length} weights of ${nDims} dimensions do not fit a table of ${table.length} numbers and a tokenizer of ${tokenizer.nTokens} tokens`,
        { hint: 'Take table, weights and tokenizer from one encoder folder.' },
      );
    }
  }

  /** Give a text's known tokens, each with its weight over the number of tokens. */
  tokens(text: string): WeightedTokens {
    const ids = this.tokenizer.encode(text, { maxTokens: this.maxTokens });
    const weights = new Float32Array(ids.length);
    for (let i = 0; i < ids.length; i++) weights[i] = this.weights[ids[i]!]! / ids.length;
    return { ids, weights };
  }

  /** Give the vector of a text, shape [nDims], of length 1 or all zeros. */
  vector(text: string): Float32Array {
    const { nDims, table } = this;
    const { ids, weights } = this.tokens(text);
    const sum = new Float64Array(nDims);
    for (let i = 0; i < ids.length; i++) {
      const start = ids[i]! * nDims;
      const weight = weights[i]!;
      for (let d = 0; d < nDims; d++) sum[d]! += weight * table[start + d]!;
    }
    let squares = 0;
    for (let d = 0; d < nDims; d++) squares += sum[d]! * sum[d]!;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    const vector = new Float32Array(nDims);
    for (let d = 0; d < nDims; d++) vector[d] = sum[d]! * scale;
    return vector;
  }
}
