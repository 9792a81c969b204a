import type { SparseRows } from '../../src/core/sparse.js';
import { BagEncoder, type Bag } from '../../src/features/bag-encoder.js';
import { fitLinear, type FitLinearOptions } from './fit-linear.js';

/** Enough to tell features that matter from others; the classifiers themselves are fitted again. */
const SWEEPS = 2;

/**
 * Keep the features that linear classifiers of all tags use most: those of the largest sum, over texts and tags, of
 * what they add to a margin, squared.
 *
 * @param bags the training texts, as the encoder reads them
 * @returns an encoder of at most nKept features, in the order of the one given
 */
export async function selectFeatures(
  encoder: BagEncoder,
  bags: readonly Bag[],
  named: SparseRows,
  { nKept, ...options }: Omit<FitLinearOptions, 'nFeatures' | 'sweeps'> & { readonly nKept: number },
): Promise<BagEncoder> {
  const { nFeatures, table } = encoder;
  if (nFeatures <= nKept) return encoder;
  const { weights } = await fitLinear(bags, named, { ...options, nFeatures, sweeps: SWEEPS });
  const energy = new Float64Array(nFeatures);
  for (const bag of bags) bag.ids.forEach((id, i) => (energy[id]! += bag.weights[i]! ** 2));
  for (let feature = 0; feature < nFeatures; feature++) {
    const row = weights.subarray(feature * named.nColumns, (feature + 1) * named.nColumns);
    energy[feature]! *= row.reduce((sum, weight) => sum + weight * weight, 0);
  }
  const kept = Uint32Array.from(energy, (_, feature) => feature)
    .sort((a, b) => energy[b]! - energy[a]! || a - b)
    .subarray(0, nKept)
    .sort();
  return new BagEncoder(encoder.options, {
    hashes: Uint32Array.from(kept, (feature) => table.hashes[feature]!),
    idf: Float32Array.from(kept, (feature) => table.idf[feature]!),
    stems: table.stems,
  });
}
