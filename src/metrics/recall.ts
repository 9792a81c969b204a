import { hitPlaces } from './hits.js';
import type { Truth } from './truth.js';

/**
 * Recall of one ranked list (R@k): the share of the true labels that stand in its first k places, in [0, 1].
 *
 * R@k = |top k ∩ truth| / |truth|. It divides by all true labels, so an item with more than k labels
 * cannot reach 1. A repeated label counts once. NaN when the item has no labels.
 *
 * @param ranking labels, best first
 * @param truth all labels of the item, those outside the vocabulary included
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @see Manning, Raghavan & Schütze 2008, section 8.4; `recall_k` of trec_eval
 */
export function recall<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  { k = 10 }: { readonly k?: number } = {},
): number {
  const hits = hitPlaces(ranking, truth, k).length;
  return truth.size === 0 ? NaN : hits / truth.size;
}
