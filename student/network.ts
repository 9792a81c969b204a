import { SPACES, type Space } from '../src/core/space.js';
import type { Graph, Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';

/** Shape of an item2tag student. */
export interface NetworkShape {
  readonly nFeatures: number;
  /** Width of the item embedding. */
  readonly nDims: number;
  /** Width of the residual layer; 0 for none. */
  readonly nHidden: number;
  /** Numbers in an item's frozen vectors, joined; 0 for none. */
  readonly nVectorDims: number;
  readonly nTags: Readonly<Partial<Record<Space, number>>>;
  /** Stems that tags use. */
  readonly nStems: number;
  /** The stems of each tag's own words, a space. */
  readonly tagStems: Readonly<Partial<Record<Space, TagStems>>>;
  /** The vectors of each tag's own words, a space; absent where no encoder gives any. */
  readonly tagVectors?: TagVectors;
}

/** Which stems each tag has, and how much of the tag each one is; a padded cell is nStems with weight 0. */
export interface TagStems {
  readonly width: number;
  /** shape [width, nTags]: stem after stem, so that sums over a tag's stems run along memory */
  readonly ids: Int32Array;
  /** shape [width, nTags]; a tag's weights sum to 1, or to 0 for a tag without words */
  readonly weights: Float32Array;
}

/** What the encoders say of the tags' own words. */
export interface TagVectors {
  readonly nDims: number;
  /** shape [nDims, nTags], columns of length 1 */
  readonly values: Readonly<Partial<Record<Space, Float32Array>>>;
}

/** The trained numbers of a student, by name. */
export interface NetworkParameters {
  /** shape [nFeatures, nDims] */
  readonly embedding: Float32Array;
  /** Everything behind the embedding, by name; see {@link denseShapes}. */
  readonly dense: Readonly<Record<string, Float32Array>>;
  /**
   * What each feature adds to each tag's logit, all spaces side by side, shape [nFeatures, nAllTags]; absent where the
   * student has no linear classifiers.
   */
  readonly linear?: Float32Array;
}

/** Tags of all spaces together. */
export function nAllTags({ nTags }: Pick<NetworkShape, 'nTags'>): number {
  return Object.values(nTags).reduce((sum, n) => sum + n, 0);
}

/** Names and shapes of the parameters behind the embedding. */
export function denseShapes(shape: NetworkShape): Record<string, number[]> {
  const { nDims, nHidden, nVectorDims, nTags, tagVectors } = shape;
  const shapes: Record<string, number[]> = { norm_scale: [nDims], norm_shift: [nDims] };
  if (nVectorDims > 0) shapes['vectors_in'] = [nVectorDims, nDims];
  if (nHidden > 0) {
    Object.assign(shapes, {
      hidden_in: [nDims, nHidden],
      hidden_in_bias: [nHidden],
      hidden_out: [nHidden, nDims],
      hidden_out_bias: [nDims],
    });
  }
  for (const space of SPACES) {
    const n = nTags[space];
    if (n === undefined) continue;
    shapes[`${space}_head`] = [nDims, n];
    shapes[`${space}_bias`] = [n];
    shapes[`${space}_lexical`] = [1];
    if (tagVectors !== undefined) shapes[`${space}_tied`] = [nDims, tagVectors.nDims];
  }
  return shapes;
}

/** Gather and sum a bag of features: ids and weights [batch, width] give [batch, nDims]. */
export function sumRows(g: Graph, rows: Tensor, weights: Tensor): Tensor {
  return ops.squeeze(g, ops.matMul(g, ops.unsqueeze(g, weights, [1]), rows), [1]);
}

/** Parameters that are kept small by this unit, so that one learning rate suits all. */
export const LEXICAL_UNIT = 20;
const VECTOR_UNIT = 16;

/** What the network reads of a batch of items. */
export interface NetworkInputs {
  /** shape [batch, nDims], the summed bags */
  readonly bag: Tensor;
  /** shape [batch, nVectorDims]; absent where the student reads none */
  readonly vectors?: Tensor;
  readonly dense: Readonly<Record<string, Tensor>>;
}

/**
 * The item embedding: layer norm of the bag, plus the frozen vectors' projection, plus a residual layer.
 *
 * @returns shape [batch, nDims]
 */
export function itemEmbedding(g: Graph, { bag, vectors, dense }: NetworkInputs): Tensor {
  let item = ops.layerNorm(g, bag, dense['norm_scale']!, dense['norm_shift']!);
  if (vectors !== undefined) {
    const projected = ops.matMul(g, vectors, dense['vectors_in']!);
    item = ops.add(g, item, ops.mul(g, projected, g.scalar(VECTOR_UNIT)));
  }
  if (dense['hidden_in'] === undefined) return item;
  const inner = ops.add(g, ops.matMul(g, item, dense['hidden_in']), dense['hidden_in_bias']!);
  const outer = ops.matMul(g, ops.gelu(g, inner), dense['hidden_out']!);
  return ops.add(g, item, ops.add(g, outer, dense['hidden_out_bias']!));
}

/**
 * How much of each tag's own words the texts have, weighted by rarity.
 *
 * @param presence shape [batch, nStems + 1], 1 where the text has the stem
 * @returns shape [batch, nTags], from 0 to 1
 */
export function lexicalOverlap(g: Graph, presence: Tensor, { width, ids, weights }: TagStems): Tensor {
  const n = ids.length / width;
  const found = ops.gatherColumns(g, presence, ids, [width, n]); // [batch, width, nTags]
  const weighed = ops.mul(g, found, g.constant(weights, [width, n]));
  return ops.squeeze(g, ops.reduceSum(g, weighed, [1]), [1]);
}

/** Cut what linear classifiers add to the logits, shape [batch, nAllTags], into spaces. */
export function splitLinear(
  g: Graph,
  linear: Tensor,
  { nTags }: NetworkShape,
): Partial<Record<Space, Tensor>> {
  const parts: Partial<Record<Space, Tensor>> = {};
  let start = 0;
  for (const space of SPACES) {
    const n = nTags[space];
    if (n === undefined) continue;
    parts[space] = ops.slice(g, linear, { axis: 1, start, end: start + n });
    start += n;
  }
  return parts;
}

/** What is left to add up for the logits of one space. */
export interface LogitParts {
  /** shape [batch, nTags]: the item embedding times the tags' columns */
  readonly product: Tensor;
  /** shape [batch, nTags], from linear classifiers */
  readonly linear?: Tensor | undefined;
  /** shape [batch, nTags]; see {@link lexicalOverlap} */
  readonly overlap: Tensor;
  readonly dense: Readonly<Record<string, Tensor>>;
}

/** logit = item embedding * tag column + bias + scale * lexical overlap + linear part; shape [batch, nTags] */
export function addLogits(g: Graph, space: Space, { product, linear, overlap, dense }: LogitParts): Tensor {
  const scale = ops.mul(g, dense[`${space}_lexical`]!, g.scalar(LEXICAL_UNIT));
  const logits = ops.add(g, ops.add(g, product, dense[`${space}_bias`]!), ops.mul(g, overlap, scale));
  return linear === undefined ? logits : ops.add(g, logits, linear);
}

/**
 * The network with its parameters as they are trained: a tag's column is its own free part, plus what its words'
 * vector says through a matrix that all tags of the space share.
 *
 * @param stems int32, shape [batch, any], the stems of each text, padded with nStems
 * @returns logits, shape [batch, nTags], a space
 */
export function trainedLogits(
  g: Graph,
  inputs: NetworkInputs & { readonly stems: Tensor; readonly linear?: Tensor },
  shape: NetworkShape,
): Partial<Record<Space, Tensor>> {
  const { dense, stems } = inputs;
  const item = itemEmbedding(g, inputs);
  const presence = ops.multiHot(g, stems, shape.nStems + 1);
  const linear = inputs.linear && splitLinear(g, inputs.linear, shape);
  const logits: Partial<Record<Space, Tensor>> = {};
  for (const space of SPACES) {
    const ownStems = shape.tagStems[space];
    if (shape.nTags[space] === undefined || ownStems === undefined) continue;
    let product = ops.matMul(g, item, dense[`${space}_head`]!);
    const tied = dense[`${space}_tied`];
    if (tied !== undefined) {
      const { nDims, values } = shape.tagVectors!;
      const vectors = g.constant(values[space]!, [nDims, shape.nTags[space]]);
      product = ops.add(g, product, ops.matMul(g, ops.matMul(g, item, tied), vectors));
    }
    const overlap = lexicalOverlap(g, presence, ownStems);
    logits[space] = addLogits(g, space, { product, linear: linear?.[space], overlap, dense });
  }
  return logits;
}
