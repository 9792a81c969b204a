import { hitPlaces } from './hits.js';
import type { Truth } from './truth.js';

/**
 * Precision of one ranked list (P@k): the share of its first k places that hold a true label, in [0, 1].
 *
 * P@k = |top k ∩ truth| / k. It divides by k even where the list, or the truth, is shorter: a place
 * left empty is a miss. A repeated label counts once. NaN when the item has no labels.
 *
 * @param ranking labels, best first
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @see Manning, Raghavan & Schütze 2008, Introduction to Information Retrieval, section 8.4; `P_k` of trec_eval
 */
export function precision<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  { k = 10 }: { readonly k?: number } = {},
): number {
  const hits = hitPlaces(ranking, truth, k).length;
  return truth.size === 0 ? NaN : hits / k;
}
