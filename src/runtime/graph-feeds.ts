import * as ort from 'onnxruntime-node';
import type { BundleManifest } from '../bundle/manifest.js';
import type { ItemBatch } from '../features/item-encoder.js';

/** Lay out a batch as the inputs of a student's graph; only those that the graph has. */
export function graphFeeds(
  batch: ItemBatch,
  topK: number,
  inputs: BundleManifest['model']['inputs'],
): Record<string, ort.Tensor> {
  const { nRows, ids, weights, stems, tokens, vectors } = batch;
  const feeds: Record<string, ort.Tensor> = {
    [inputs.ids]: new ort.Tensor('int32', ids, [nRows, batch.width]),
    [inputs.weights]: new ort.Tensor('float32', weights, [nRows, batch.width]),
    [inputs.stems]: new ort.Tensor('int32', stems, [nRows, batch.stemWidth]),
    [inputs.k]: new ort.Tensor('int64', BigInt64Array.of(BigInt(topK)), [1]),
  };
  if (inputs.tokens !== undefined)
    feeds[inputs.tokens] = new ort.Tensor('int32', tokens, [nRows, batch.tokenWidth]);
  if (inputs.vectors !== undefined)
    feeds[inputs.vectors] = new ort.Tensor('float32', vectors, [nRows, vectors.length / nRows]);
  return feeds;
}
