import type { DenseEncoder } from '../src/features/dense-encoder.js';
import type { StaticEncoder } from '../src/features/static-encoder.js';
import { setUnit } from '../src/features/item-encoder.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import { encodeItems, type EncodeItemsOptions } from './encoded-items.js';

/** Encoders that training does not change. */
export interface FrozenEncoders {
  readonly static?: StaticEncoder;
  readonly hub?: DenseEncoder;
  /** Numbers in the items' given vectors; 0 where they are not read. */
  readonly nGivenDims: number;
}

/** Numbers in an item's joined vector: static, hub, given. */
export function vectorDims(encoders: FrozenEncoders): number {
  return tagDims(encoders) + encoders.nGivenDims;
}

/** Numbers in a tag's joined vector: static, hub. */
export function tagDims({ static: tokens, hub }: FrozenEncoders): number {
  return (tokens?.nDims ?? 0) + (hub?.nDims ?? 0);
}

/** Encode all items, shape [n, {@link vectorDims}]: each part of length 1, or zeros where an item lacks it. */
export async function frozenVectors(
  { texts, embeddings }: Pick<LabelledItems, 'texts' | 'embeddings'>,
  encoders: FrozenEncoders,
  options: EncodeItemsOptions,
): Promise<Float32Array> {
  const { static: tokens, hub, nGivenDims } = encoders;
  const nDims = vectorDims(encoders);
  const all = new Float32Array(texts.length * nDims);
  const hubVectors = hub && (await encodeItems({ texts }, hub, options));
  const nHub = hub?.nDims ?? 0;
  texts.forEach((text, row) => {
    let at = row * nDims;
    if (tokens !== undefined) {
      all.set(tokens.vector(text), at);
      at += tokens.nDims;
    }
    if (hubVectors !== undefined) all.set(hubVectors.subarray(row * nHub, (row + 1) * nHub), at);
    at += nHub;
    if (nGivenDims === 0 || embeddings?.isGiven[row] !== 1) return;
    setUnit(all, embeddings.values.subarray(row * nGivenDims, (row + 1) * nGivenDims), at);
  });
  return all;
}

/** Encode tags by their own words, shape [{@link tagDims}, nTags]. */
export async function tagVectors(tags: readonly string[], encoders: FrozenEncoders): Promise<Float32Array> {
  const { static: tokens, hub } = encoders;
  const n = tags.length;
  const all = new Float32Array(tagDims(encoders) * n);
  const put = (vector: Float32Array, tag: number, start: number): void => {
    for (let d = 0; d < vector.length; d++) all[(start + d) * n + tag] = vector[d]!;
  };
  if (tokens !== undefined) tags.forEach((tag, i) => put(tokens.vector(tag), i, 0));
  if (hub !== undefined) {
    const vectors = await hub.encode(tags);
    tags.forEach((_, i) => put(vectors.subarray(i * hub.nDims, (i + 1) * hub.nDims), i, tokens?.nDims ?? 0));
  }
  return all;
}
