import { padBags, type Bag, type BagBatch, type BagEncoder } from './bag-encoder.js';
import type { DenseEncoder } from './dense-encoder.js';
import type { Tokenizer } from './tokenizer.js';

/** An item as a caller has it: its text, a vector of its own (e.g. a multimodal embedding), or both. */
export interface ItemInput {
  readonly text?: string;
  readonly embedding?: ArrayLike<number>;
}

/** What a student reads of one item. */
export interface ItemFeatures {
  readonly bag: Bag;
  /** shape [n], tokens for the static embeddings inside the student; empty without them */
  readonly tokens: Int32Array;
  /** shape [nVectorDims], the hub encoder's vector and the given one, joined, each of length 1 or zeros */
  readonly vector: Float32Array;
}

export interface ItemEncoderParts {
  readonly bag: BagEncoder;
  /** Reads the tokens of the static embeddings. */
  readonly tokens?: { readonly tokenizer: Tokenizer; readonly maxTokens: number };
  readonly hub?: DenseEncoder;
  /** Numbers in a given vector; 0 where the student reads none. */
  readonly nGivenDims: number;
}

/** Turns items into what a student reads: one implementation for training and serving. */
export class ItemEncoder {
  /** Numbers in {@link ItemFeatures.vector}. */
  readonly nVectorDims: number;

  constructor(readonly parts: ItemEncoderParts) {
    this.nVectorDims = (parts.hub?.nDims ?? 0) + parts.nGivenDims;
  }

  /** Encode items; a missing text counts as empty, a missing vector as zeros. */
  async encode(
    items: readonly ItemInput[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ItemFeatures[]> {
    const { hub } = this.parts;
    if (hub === undefined) return items.map((item) => this.features(item));
    const texts = items.map(({ text }) => text ?? '');
    const vectors = await hub.encode(texts, signal && { signal });
    return items.map((item, i) => this.features(item, vectors.subarray(i * hub.nDims, (i + 1) * hub.nDims)));
  }

  /** Encode one item whose text went through the hub encoder before, if there is one. */
  features({ text = '', embedding }: ItemInput, hubVector?: Float32Array): ItemFeatures {
    const { bag, tokens, hub } = this.parts;
    const vector = new Float32Array(this.nVectorDims);
    if (hubVector !== undefined) vector.set(hubVector);
    if (embedding !== undefined) setUnit(vector, embedding, hub?.nDims ?? 0);
    return {
      bag: bag.encode(text),
      tokens: tokens?.tokenizer.encode(text, tokens) ?? new Int32Array(0),
      vector,
    };
  }
}

/** Write values, brought to length 1, from `start` on; zeros stay zeros. */
export function setUnit(into: Float32Array, values: ArrayLike<number>, start: number): void {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < values.length; i++) into[start + i] = values[i]! * scale;
}

/** Items as padded arrays, ready for the graph. */
export interface ItemBatch extends BagBatch {
  readonly tokenWidth: number;
  /** shape [nRows, tokenWidth], padded with nTokens */
  readonly tokens: Int32Array;
  /** shape [nRows, nVectorDims] */
  readonly vectors: Float32Array;
}

/** Pad items to one width each (at least 1). */
export function padItems(
  items: readonly ItemFeatures[],
  { nStems, nTokens }: { readonly nStems: number; readonly nTokens: number },
): ItemBatch {
  const tokenWidth = items.reduce((most, { tokens }) => Math.max(most, tokens.length), 1);
  const nVectorDims = items[0]?.vector.length ?? 0;
  const tokens = new Int32Array(items.length * tokenWidth).fill(nTokens);
  const vectors = new Float32Array(items.length * nVectorDims);
  items.forEach((item, row) => {
    tokens.set(item.tokens, row * tokenWidth);
    vectors.set(item.vector, row * nVectorDims);
  });
  const bags = items.map(({ bag }) => bag);
  return { ...padBags(bags, nStems), tokenWidth, tokens, vectors };
}
