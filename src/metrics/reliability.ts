import { TagdistillError } from '../core/errors.js';

/** One bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Predictions in the bin; 0 in an empty one, whose means are NaN. */
  readonly n: number;
  readonly meanProbability: number;
  /** Share of these predictions that the teacher named. */
  readonly shareNamed: number;
}

export interface ReliabilityOptions {
  readonly nBins?: number;
  /** Bins of equal width on [0, 1], or of equal numbers of predictions. */
  readonly by?: 'width' | 'mass';
}

/**
 * Sort predictions into bins by probability, for a reliability diagram and for ECE.
 *
 * By width: bin i holds [i / nBins, (i + 1) / nBins), the last one 1 as well; some may be empty.
 * (Guo et al. and scikit-learn put a probability on an edge into the lower bin.) By mass: about
 * n / nBins predictions each; equal probabilities are never parted, so fewer bins may come back.
 * Bins rise by probability.
 *
 * @param probabilities shape [n], each in [0, 1]
 * @param named shape [n], 1 where the teacher named the label, else 0
 * @throws TagdistillError `E_BAD_INPUT` if the lengths differ or a probability lies outside [0, 1]
 * @throws TagdistillError `E_BAD_OPTION` if `nBins` is not a positive integer
 * @see Naeini, Cooper & Hauskrecht 2015 (equal width); Nguyen & O'Connor 2015 (equal mass)
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  named: ArrayLike<number>,
  { nBins = 15, by = 'width' }: ReliabilityOptions = {},
): ReliabilityBin[] {
  check(probabilities, named, nBins);
  const binOf = by === 'width' ? widthBins(nBins) : massBins(probabilities, nBins);
  const n = new Uint32Array(nBins);
  const sums = new Float64Array(nBins);
  const hits = new Float64Array(nBins);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = binOf(probabilities[i]!);
    n[bin]!++;
    sums[bin]! += probabilities[i]!;
    hits[bin]! += named[i]!;
  }
  const bins = Array.from(n, (count, bin) => ({
    n: count,
    meanProbability: sums[bin]! / count,
    shareNamed: hits[bin]! / count,
  }));
  return by === 'width' ? bins : bins.filter((bin) => bin.n > 0);
}

/**
 * Expected calibration error: mean distance of probability and share named over bins, weighed by their
 * size, in [0, 1]. NaN when all bins are empty.
 *
 * Over the top k predictions of each item it is ECE@k. It depends on the bins: state their number and kind.
 *
 * @see Guo, Pleiss, Sun & Weinberger 2017, On Calibration of Modern Neural Networks, equation 3
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  let total = 0;
  let sum = 0;
  for (const { n, meanProbability, shareNamed } of bins) {
    if (n === 0) continue;
    total += n;
    sum += n * Math.abs(meanProbability - shareNamed);
  }
  return sum / total;
}

function widthBins(nBins: number): (p: number) => number {
  return (p) => {
    const bin = Math.min(nBins - 1, Math.floor(p * nBins));
    // The product rounds: 0.29 * 100 is below 29, though 0.29 is the edge 29 / 100.
    return bin < nBins - 1 && p >= (bin + 1) / nBins ? bin + 1 : p < bin / nBins ? bin - 1 : bin;
  };
}

function massBins(probabilities: ArrayLike<number>, nBins: number): (p: number) => number {
  const sorted = Float64Array.from(probabilities).sort();
  // starts[i]: the smallest probability of bin i, shape [nBins].
  const starts = Array.from(
    { length: nBins },
    (_, bin) => sorted[Math.floor((bin * sorted.length) / nBins)]!,
  );
  return (p) => {
    let low = 0;
    let high = nBins - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= p) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

function check(probabilities: ArrayLike<number>, named: ArrayLike<number>, nBins: number): void {
  if (!Number.isSafeInteger(nBins) || nBins < 1) {
    throw new TagdistillError('E_BAD_OPTION', `nBins is ${nBins}, not a positive integer`, {
      hint: 'Choose 10 to 20 bins.',
    });
  }
  if (probabilities.length !== named.length) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `${probabilities.length} probabilities, but ${named.length} outcomes`,
      { hint: 'Pass one outcome for each probability.' },
    );
  }
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i]! >= 0 && probabilities[i]! <= 1) continue;
    throw new TagdistillError('E_BAD_INPUT', `Probability ${i} is ${probabilities[i]!}, outside [0, 1]`, {
      hint: 'Pass calibrated probabilities, not logits or ranking scores.',
    });
  }
}
