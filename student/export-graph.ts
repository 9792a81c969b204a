import { SPACES, type Space } from '../src/core/space.js';
import { Graph, type Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';
import { denseShapes, embedBag, tagLogits, type NetworkParameters, type NetworkShape } from './network.js';

/** Tensor names of an exported item2tag graph, as they stand in the manifest. */
export const GRAPH_INPUTS = { ids: 'feature_ids', weights: 'feature_weights', k: 'k' } as const;

export function graphOutputs(
  spaces: readonly Space[],
): Partial<Record<Space, { logits: string; indices: string }>> {
  return Object.fromEntries(
    spaces.map((space) => [space, { logits: `${space}_logits`, indices: `${space}_indices` }]),
  );
}

/**
 * Export a student as an ONNX model: feature ids (int32) and weights (float32), both [batch, width], and k
 * (int64, [1]) to the k best logits (float32) and their columns (int32) a space, [batch, min(k, nTags)].
 *
 * The logits are log-softmax values: how likely a draw from the item's tags is this one.
 */
export function exportGraph(shape: NetworkShape, parameters: NetworkParameters): Uint8Array {
  const spaces = SPACES.filter((space) => shape.nTags[space] !== undefined);
  const g = new Graph();
  const ids = g.input(GRAPH_INPUTS.ids, 'int32', ['batch', 'width']);
  const weights = g.input(GRAPH_INPUTS.weights, 'float32', ['batch', 'width']);
  const k = g.input(GRAPH_INPUTS.k, 'int64', [1]);
  const embedding = g.constant(parameters.embedding, [shape.nFeatures, shape.nDims], 'embedding');
  const dense: Record<string, Tensor> = {};
  for (const [name, dims] of Object.entries(denseShapes(shape))) {
    dense[name] = g.constant(parameters.dense[name]!, dims, name);
  }
  const logits = tagLogits(g, embedBag(g, embedding, ids, weights), dense, spaces);
  const names = graphOutputs(spaces);
  for (const space of spaces) {
    const nTags = g.constant(BigInt64Array.of(BigInt(shape.nTags[space]!)), [1]);
    const [atMost] = g.node('Min', [k, nTags], [{ type: 'int64', shape: [1] }]);
    const best = ops.topK(g, ops.logSoftmax(g, logits[space]!), atMost!);
    g.output(names[space]!.logits, best.values);
    g.output(names[space]!.indices, ops.cast(g, best.indices, 'int32'));
  }
  return g.toBytes();
}
