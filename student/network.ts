import { SPACES, type Space } from '../src/core/space.js';
import type { Graph, Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';

/** Shape of an item2tag student. */
export interface NetworkShape {
  readonly nFeatures: number;
  /** Width of the item embedding. */
  readonly nDims: number;
  readonly nTags: Readonly<Partial<Record<Space, number>>>;
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
  }
  return shapes;
}

/** Gather and sum a bag of features: ids and weights [batch, width] give [batch, nDims]. */
export function embedBag(g: Graph, embedding: Tensor, ids: Tensor, weights: Tensor): Tensor {
  const rows = ops.gatherRows(g, embedding, ids); // [batch, width, nDims]
  return ops.squeeze(g, ops.matMul(g, ops.unsqueeze(g, weights, [1]), rows), [1]);
}

/**
 * The network behind the bag: layer norm, then one linear head a space.
 *
 * @param bag shape [batch, nDims]
 * @returns logits, shape [batch, nTags], a space
 */
export function tagLogits(
  g: Graph,
  bag: Tensor,
  dense: Readonly<Record<string, Tensor>>,
  spaces: readonly Space[],
): Partial<Record<Space, Tensor>> {
  const hidden = ops.layerNorm(g, bag, dense['norm_scale']!, dense['norm_shift']!);
  return Object.fromEntries(
    spaces.map((space) => [
      space,
      ops.add(g, ops.matMul(g, hidden, dense[`${space}_head`]!), dense[`${space}_bias`]!),
    ]),
  );
}
