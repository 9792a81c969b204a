import { checkK } from './check-k.js';
import { discount } from './discount.js';
import { hitPlaces } from './hits.js';
import { inversePropensity } from './propensity.js';
import type { Truth } from './truth.js';

/** A propensity-scored value of one list, and the best that any list reaches for these labels. */
export interface PropensityScore {
  /** May exceed 1, since rare labels weigh more than 1. */
  readonly value: number;
  readonly best: number;
}

export interface PropensityScoreOptions<T> {
  readonly k?: number;
  /** Chance in (0, 1] that a true label is recorded, e.g. by `propensity(count, nItems)`. */
  readonly propensityOf: (label: T) => number;
}

/**
 * Propensity-scored precision of one ranked list (PSP@k) beside the best achievable.
 *
 * PSP@k = (1 / k) Σ over hits in the first k places of 1 / p. The best puts the labels of smallest
 * p first. A data set's figure is the sum of values over the sum of bests (see `PropensityMean`),
 * not the mean of the items' ratios. A repeated label counts once. NaN, both, when the item has no labels.
 *
 * @param ranking labels, best first
 * @param truth all labels of the item; gains do not count
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @throws TagdistillError `E_BAD_INPUT` if a propensity lies outside (0, 1]
 * @see Jain, Prabhu & Varma 2016, section 5; The Extreme Classification Repository
 */
export function psPrecision<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  { k = 10, propensityOf }: PropensityScoreOptions<T>,
): PropensityScore {
  return scored(ranking, truth, propensityOf, k, () => 1 / k);
}

/**
 * Propensity-scored nDCG of one ranked list (PSnDCG@k) beside the best achievable.
 *
 * PSnDCG@k = Σ over hits of 1 / (p log2(rank + 1)), divided by Σ of 1 / log2(rank + 1) over ALL k
 * places, however few labels the item has: so even the best can lie below 1, and the ratio to it is
 * what compares. The rest is as for {@link psPrecision}.
 *
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @throws TagdistillError `E_BAD_INPUT` if a propensity lies outside (0, 1]
 * @see Jain, Prabhu & Varma 2016, section 5; The Extreme Classification Repository
 */
export function psNdcg<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  { k = 10, propensityOf }: PropensityScoreOptions<T>,
): PropensityScore {
  checkK(k);
  let norm = 0;
  for (let place = 0; place < k; place++) norm += discount(place);
  return scored(ranking, truth, propensityOf, k, (place) => discount(place) / norm);
}

function scored<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  propensityOf: (label: T) => number,
  k: number,
  weightOf: (place: number) => number,
): PropensityScore {
  const places = hitPlaces(ranking, truth, k);
  if (truth.size === 0) return { value: NaN, best: NaN };
  let value = 0;
  for (const place of places) value += inversePropensity(ranking[place]!, propensityOf) * weightOf(place);
  const weights = Array.from(truth.keys(), (label) => inversePropensity(label, propensityOf));
  weights.sort((a, b) => b - a);
  let best = 0;
  for (let place = 0; place < Math.min(k, weights.length); place++) best += weights[place]! * weightOf(place);
  return { value, best };
}
