import type { BundleManifest } from '../src/bundle/manifest.js';
import { SPACES } from '../src/core/space.js';
import { Graph, type Tensor } from '../src/onnx/graph.js';
import { outputTopTags } from './inference-graph.js';
import { denseShapes, type NetworkParameters, type NetworkShape } from './network.js';

const INPUTS = { ids: 'feature_ids', weights: 'feature_weights', stems: 'stem_ids', k: 'k' } as const;

/**
 * Export a student as an ONNX model: feature ids (int32) and weights (float32), both [batch, width], stem ids
 * (int32, [batch, stem_width]) and k (int64, [1]) to the k best logits (float32) and their columns (int32) a space, [batch, min(k, nTags)].
 */
export function exportGraph(shape: NetworkShape, parameters: NetworkParameters): Uint8Array {
  const g = new Graph();
  const ids = g.input(INPUTS.ids, 'int32', ['batch', 'width']);
  const weights = g.input(INPUTS.weights, 'float32', ['batch', 'width']);
  const stems = g.input(INPUTS.stems, 'int32', ['batch', 'stem_width']);
  const k = g.input(INPUTS.k, 'int64', [1]);
  const embedding = g.constant(parameters.embedding, [shape.nFeatures, shape.nDims], 'embedding');
  const dense: Record<string, Tensor> = {};
  for (const [name, dims] of Object.entries(denseShapes(shape))) {
    dense[name] = g.constant(parameters.dense[name]!, dims, name);
  }
  outputTopTags(g, shape, { ids, weights, stems, k, embedding, dense });
  return g.toBytes();
}

/** The manifest's description of an exported graph. */
export function describeGraph(
  shape: NetworkShape,
  { embedding, dense }: NetworkParameters,
): BundleManifest['model'] {
  const outputs = SPACES.filter((space) => shape.nTags[space] !== undefined).map((space) => [
    space,
    { logits: `${space}_logits`, indices: `${space}_indices` },
  ]);
  const nParameters = Object.values(dense).reduce((sum, { length }) => sum + length, embedding.length);
  return {
    inputs: INPUTS,
    outputs: Object.fromEntries(outputs) as BundleManifest['model']['outputs'],
    nParameters,
  };
}
