import { hitPlaces } from './hits.js';
import type { Truth } from './truth.js';

/**
 * Reciprocal rank of one ranked list: 1 / (1-based rank of the first true label), in [0, 1].
 *
 * Its mean over items is MRR@k. 0 when no true label stands in the first k places; NaN when the
 * item has no labels.
 *
 * @param ranking labels, best first
 * @param options.k places to look at; the whole list where left out, which then is part of the
 *   figure's name: MRR of lists of length 20 is MRR@20
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @see Voorhees 1999, The TREC-8 Question Answering Track Report; `recip_rank` of trec_eval
 */
export function reciprocalRank<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  { k = Math.max(1, ranking.length) }: { readonly k?: number } = {},
): number {
  const [first] = hitPlaces(ranking, truth, k);
  if (truth.size === 0) return NaN;
  return first === undefined ? 0 : 1 / (first + 1);
}
