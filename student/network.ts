import { SPACES, type Space } from '../src/core/space.js';
import type { Graph, Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';

/** Shape of an item2tag student. */
export interface NetworkShape {
  readonly nFeatures: number;
  /** Width of the item embedding. */
  readonly nDims: number;
  readonly nTags: Readonly<Partial<Record<Space, number>>>;
  /** Stems that tags use. */
  readonly nStems: number;
  /** The stems of each tag's own words, a space. */
  readonly tagStems: Readonly<Partial<Record<Space, TagStems>>>;
}

/** Which stems each tag has, and how much of the tag each one is; a padded cell is nStems with weight 0. */
export interface TagStems {
  readonly width: number;
  /** shape [width, nTags]: stem after stem, so that sums over a tag's stems run along memory */
  readonly ids: Int32Array;
  /** shape [width, nTags]; a tag's weights sum to 1, or to 0 for a tag without words */
  readonly weights: Float32Array;
}

/** The trained numbers of a student, by name. */
export interface NetworkParameters {
  /** shape [nFeatures, nDims] */
  readonly embedding: Float32Array;
  /** Everything behind the embedding, by name; see {@link denseShapes}. */
  readonly dense: Readonly<Record<string, Float32Array>>;
}

/** Names and shapes of the parameters behind the embedding. */
export function denseShapes({ nDims, nTags }: NetworkShape): Record<string, number[]> {
  const shapes: Record<string, number[]> = { norm_scale: [nDims], norm_shift: [nDims] };
  for (const space of SPACES) {
    const n = nTags[space];
    if (n === undefined) continue;
    shapes[`${space}_head`] = [nDims, n];
    shapes[`${space}_bias`] = [n];
    shapes[`${space}_lexical`] = [1];
  }
  return shapes;
}

/** Gather and sum a bag of features: ids and weights [batch, width] give [batch, nDims]. */
export function embedBag(g: Graph, embedding: Tensor, ids: Tensor, weights: Tensor): Tensor {
  const rows = ops.gatherRows(g, embedding, ids); // [batch, width, nDims]
  return ops.squeeze(g, ops.matMul(g, ops.unsqueeze(g, weights, [1]), rows), [1]);
}

/** What the network reads of a batch of texts. */
export interface NetworkInputs {
  /** shape [batch, nDims], the summed bags */
  readonly bag: Tensor;
  /** int32, shape [batch, any], the stems of each text, padded with nStems */
  readonly stems: Tensor;
  readonly dense: Readonly<Record<string, Tensor>>;
}

/** The lexical scales are small parameters times this, so that one learning rate suits them too. */
export const LEXICAL_UNIT = 20;

/**
 * The network: layer norm and one linear head a space, plus how much of each tag's own words the text has.
 *
 * logits = norm(bag) head + bias + scale * (share of the tag's stems that are in the text, weighted by rarity)
 *
 * @returns logits, shape [batch, nTags], a space
 */
export function tagLogits(
  g: Graph,
  { bag, stems, dense }: NetworkInputs,
  { nStems, tagStems, nTags }: NetworkShape,
): Partial<Record<Space, Tensor>> {
  const hidden = ops.layerNorm(g, bag, dense['norm_scale']!, dense['norm_shift']!);
  const presence = ops.multiHot(g, stems, nStems + 1);
  const logits: Partial<Record<Space, Tensor>> = {};
  for (const space of SPACES) {
    const n = nTags[space];
    const own = tagStems[space];
    if (n === undefined || own === undefined) continue;
    const weights = g.constant(own.weights, [own.width, n]);
    const found = ops.mul(g, ops.gatherColumns(g, presence, own.ids, [own.width, n]), weights); // [batch, width, nTags]
    const overlap = ops.squeeze(g, ops.reduceSum(g, found, [1]), [1]);
    const scale = ops.mul(g, dense[`${space}_lexical`]!, g.scalar(LEXICAL_UNIT));
    const linear = ops.add(g, ops.matMul(g, hidden, dense[`${space}_head`]!), dense[`${space}_bias`]!);
    logits[space] = ops.add(g, linear, ops.mul(g, overlap, scale));
  }
  return logits;
}
