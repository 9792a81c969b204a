import { TagdistillError } from '../core/errors.js';
import { checkK } from './check-k.js';

export interface NoveltyOptions<T> {
  readonly k?: number;
  /** Training items that carry the label. */
  readonly countOf: (label: T) => number;
  /** All training items. */
  readonly nItems: number;
}

/**
 * Novelty of one ranked list: mean self-information of its first k labels, in bits; 0 when all items carry them.
 *
 * Novelty@k = mean of log2(nItems / count). A label never seen in training counts as seen once, so
 * the value is at most log2(nItems). A repeated label counts once. NaN for an empty list.
 *
 * @param ranking labels, best first
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @throws TagdistillError `E_BAD_INPUT` if a count is not within 0 and `nItems`
 * @see Zhou et al. 2010, Solving the apparent diversity-accuracy dilemma of recommender systems;
 *   Vargas & Castells 2011
 */
export function novelty<T>(ranking: readonly T[], { k = 10, countOf, nItems }: NoveltyOptions<T>): number {
  checkK(k);
  const labels = new Set(ranking.slice(0, k));
  let bits = 0;
  for (const label of labels) {
    const count = countOf(label);
    if (!(count >= 0 && count <= nItems && nItems > 0)) {
      throw new TagdistillError('E_BAD_INPUT', `${JSON.stringify(label)} has ${count} of ${nItems} items`, {
        hint: 'Take the counts and nItems from the same training part.',
      });
    }
    bits += Math.log2(nItems / Math.max(1, count));
  }
  return bits / labels.size;
}
