import { TagdistillError } from '../../src/core/errors.js';
import type { OnProgress } from '../../src/core/progress.js';
import { seededRandom, shuffle } from '../../src/core/random.js';
import type { SparseRows } from '../../src/core/sparse.js';
import type { Bag } from '../../src/features/bag-encoder.js';
import { bytesOf, Kernel } from '../kernel/kernel.js';

/** A linear classifier for each tag, on the weights of a bag's features. */
export interface LinearClassifiers {
  /** shape [nFeatures, nTags] */
  readonly weights: Float32Array;
  /** shape [nTags] */
  readonly bias: Float32Array;
}

export interface FitLinearOptions {
  readonly nFeatures: number;
  readonly seed: number;
  /** What an error costs against the size of the weights: C of the literature. */
  readonly cost?: number;
  /** Times that each item is visited. */
  readonly sweeps?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const PROGRESS_EVERY = 256;

/**
 * Fit one support vector machine a tag (squared hinge, L2), all tags in one sweep over the items.
 *
 * Dual coordinate descent: a visit to an item moves the item's multiplier of each tag to where that tag's dual is
 * least. The bias is a feature of weight 1 that every item has. Takes 4 (nFeatures + nItems) nTags bytes.
 *
 * @param named shape [nItems, nTags], what the teacher named; a value weighs the item's cost for the tag
 * @throws TagdistillError `E_ABORTED`, `E_OUT_OF_MEMORY`
 * @see Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM", algorithm 1
 */
export async function fitLinear(
  bags: readonly Bag[],
  named: SparseRows,
  { nFeatures, seed, cost = 1, sweeps = 6, onProgress, signal }: FitLinearOptions,
): Promise<LinearClassifiers> {
  const nTags = named.nColumns;
  const maxIds = 1 + bags.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const sizes = [(nFeatures + 1) * nTags, bags.length * nTags, nTags, nTags, nTags, nTags, maxIds, maxIds];
  const kernel = await Kernel.create({ bytes: bytesOf(...sizes) });
  const weights = kernel.float32((nFeatures + 1) * nTags); // the last row is the bias
  const multipliers = kernel.float32(bags.length * nTags);
  const [signs, slacks, margins] = [0, 0, 0].map(() => kernel.float32(nTags));
  const moved = kernel.int32(nTags);
  const [ids, values] = [kernel.int32(maxIds), kernel.float32(maxIds)];
  signs!.fill(-1);
  slacks!.fill(1 / (2 * cost));
  const random = seededRandom(seed);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const order = shuffle(
      Uint32Array.from(bags, (_, i) => i),
      random,
    );
    for (const [visit, item] of order.entries()) {
      if (visit % PROGRESS_EVERY === 0) {
        if (signal?.aborted === true) {
          throw new TagdistillError('E_ABORTED', `training was stopped in sweep ${sweep + 1} of ${sweeps}`);
        }
        onProgress?.({ stage: 'linear', done: sweep * bags.length + visit, total: sweeps * bags.length });
      }
      const bag = bags[item]!;
      const n = bag.ids.length;
      ids.set(bag.ids);
      values.set(bag.weights);
      [ids[n], values[n]] = [nFeatures, 1];
      const squaredNorm = bag.weights.reduce((sum, weight) => sum + weight * weight, 1);
      const [start, end] = [named.offsets[item]!, named.offsets[item + 1]!];
      for (let i = start; i < end; i++) {
        signs![named.indices[i]!] = 1;
        slacks![named.indices[i]!] = 1 / (2 * cost * named.values[i]!);
      }
      const bad = kernel.functions.dualStep(
        weights.byteOffset,
        nFeatures + 1,
        nTags,
        ids.byteOffset,
        values.byteOffset,
        n + 1,
        signs!.byteOffset,
        slacks!.byteOffset,
        multipliers.byteOffset + 4 * item * nTags,
        margins!.byteOffset,
        moved.byteOffset,
        squaredNorm,
      );
      if (bad >= 0) {
        throw new TagdistillError('E_BAD_INPUT', `a bag names row ${ids[bad]}, there are ${nFeatures} rows`);
      }
      for (let i = start; i < end; i++) {
        signs![named.indices[i]!] = -1;
        slacks![named.indices[i]!] = 1 / (2 * cost);
      }
    }
  }
  return { weights: weights.slice(0, nFeatures * nTags), bias: weights.slice(nFeatures * nTags) };
}
