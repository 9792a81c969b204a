import { TagdistillError } from '../core/errors.js';
import type { Random } from '../core/random.js';
import { normalCdf, normalQuantile } from './normal-distribution.js';
import { checkRounds, pairedDifferences } from './paired-differences.js';

/** A mean over items and where it would lie if other items of the same kind had been drawn. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Items that counted. */
  readonly n: number;
}

export interface BootstrapOptions {
  /** Seeded, so that an interval repeats. */
  readonly random: Random;
  /** Confidence, within (0, 1). */
  readonly level?: number;
  readonly nResamples?: number;
  /** Quantiles of the resampled means, or those corrected for bias and skew (BCa). */
  readonly method?: 'percentile' | 'bca';
}

/**
 * Confidence interval of a mean over items, by resampling items with replacement.
 *
 * NaN values are left out. One item gives an interval of no width; none gives NaN. Items must be
 * independent: where they come in groups (a series), pass one value a group.
 *
 * @param values shape [n]
 * @throws TagdistillError `E_BAD_OPTION` if `level` or `nResamples` is out of range
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 and 14
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  { random, level = 0.95, nResamples = 2000, method = 'bca' }: BootstrapOptions,
): Interval {
  checkRounds(nResamples);
  if (!(level > 0 && level < 1)) {
    throw new TagdistillError('E_BAD_OPTION', `The level is ${level}`, {
      hint: 'Choose a level within (0, 1), e.g. 0.95.',
    });
  }
  const kept = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const n = kept.length;
  const mean = kept.reduce((sum, value) => sum + value, 0) / n;
  if (n === 0) return { mean: NaN, low: NaN, high: NaN, n };
  const means = new Float64Array(nResamples);
  for (let round = 0; round < nResamples; round++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += kept[Math.floor(random() * n)]!;
    means[round] = sum / n;
  }
  means.sort();
  const tail = (1 - level) / 2;
  const adjust = method === 'bca' ? bcaAdjustment(kept, mean, means) : (p: number) => p;
  return { mean, low: quantile(means, adjust(tail)), high: quantile(means, adjust(1 - tail)), n };
}

/**
 * Confidence interval of mean(a) - mean(b) over the same items, by resampling the items' differences.
 *
 * Items where either value is NaN are left out. The rest is as for {@link bootstrapMean}.
 *
 * @param a shape [n]
 * @param b shape [n], the same items in the same order
 * @throws TagdistillError `E_BAD_INPUT` if the lengths differ
 * @throws TagdistillError `E_BAD_OPTION` if `level` or `nResamples` is out of range
 * @see Sakai 2006, Evaluating evaluation metrics based on the bootstrap
 */
export function bootstrapDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions,
): Interval {
  return bootstrapMean(pairedDifferences(a, b), options);
}

function bcaAdjustment(values: Float64Array, mean: number, means: Float64Array): (p: number) => number {
  let below = 0;
  for (const value of means) below += value < mean ? 1 : value === mean ? 0.5 : 0;
  const bias = normalQuantile(below / means.length);
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  if (spread === 0 || !Number.isFinite(bias)) return (p) => p;
  // For a mean, the jackknife's acceleration comes to this closed form.
  const acceleration = values.reduce((sum, value) => sum + ((value - mean) / spread) ** 3, 0) / 6;
  return (p) => {
    const z = bias + normalQuantile(p);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
}

/** Read a quantile of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
