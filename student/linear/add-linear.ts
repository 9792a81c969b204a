import type { SparseRows } from '../../src/core/sparse.js';
import type { Bag } from '../../src/features/bag-encoder.js';
import type { NetworkParameters } from '../network.js';
import type { PreparedTraining } from '../prepare.js';
import { spacesOf } from '../tag-columns.js';
import { fitLinear, type FitLinearOptions } from './fit-linear.js';

export interface AddLinearOptions extends Pick<FitLinearOptions, 'seed' | 'onProgress' | 'signal'> {
  readonly bags: readonly Bag[];
  /** shape [nItems, nAllTags], what the teacher named for the bags */
  readonly named: SparseRows;
}

/** Fit linear classifiers of all tags, and add what they say, by the weight of the settings, to what a network says. */
export async function addLinear(
  network: NetworkParameters,
  { settings, shape }: Pick<PreparedTraining, 'settings' | 'shape'>,
  { bags, named, ...options }: AddLinearOptions,
): Promise<NetworkParameters> {
  const { linearWeight: weight, linearCost: cost } = settings;
  const { weights, bias } = await fitLinear(bags, named, { ...options, nFeatures: shape.nFeatures, cost });
  const dense: Record<string, Float32Array> = { ...network.dense };
  let start = 0;
  for (const space of spacesOf(shape)) {
    const own = bias.subarray(start, start + shape.nTags[space]!);
    dense[`${space}_bias`] = dense[`${space}_bias`]!.map((value, tag) => value + weight * own[tag]!);
    start += own.length;
  }
  return { embedding: network.embedding, dense, linear: weights.map((value) => weight * value) };
}
