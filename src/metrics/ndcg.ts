import { TagdistillError } from '../core/errors.js';
import { discount } from './discount.js';
import { hitPlaces } from './hits.js';
import type { Truth } from './truth.js';

/**
 * Normalised discounted cumulative gain of one ranked list (nDCG@k), in [0, 1].
 *
 * DCG@k = Σ gain / log2(rank + 1) over the first k places, rank from 1, gain linear (not 2^gain - 1).
 * nDCG@k = DCG@k / the DCG@k of the best order of ALL labels in `truth`: labels that the ranking
 * cannot hold, because they lie outside its vocabulary, belong in `truth` and lower the value.
 *
 * Negative gains count as 0. A repeated label counts once. NaN when no gain is positive, so that
 * callers leave the list out instead of averaging in a zero.
 *
 * @param ranking labels, best first
 * @param truth a set (binary gains) or a map from label to gain (graded)
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @throws TagdistillError `E_BAD_INPUT` if a gain is NaN or infinite
 * @see Järvelin & Kekäläinen 2002, Cumulated gain-based evaluation of IR techniques; `ndcg_cut_k` of trec_eval
 */
export function ndcg<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  { k = 10 }: { readonly k?: number } = {},
): number {
  const places = hitPlaces(ranking, truth, k);
  if ('get' in truth) {
    const ideal = idealDcg(truth, k);
    let dcg = 0;
    for (const place of places) dcg += Math.max(0, truth.get(ranking[place]!)!) * discount(place);
    return ideal === 0 ? NaN : Math.min(1, dcg / ideal);
  }
  let ideal = 0;
  for (let place = 0; place < Math.min(k, truth.size); place++) ideal += discount(place);
  let dcg = 0;
  for (const place of places) dcg += discount(place);
  return ideal === 0 ? NaN : dcg / ideal;
}

function idealDcg<T>(gains: ReadonlyMap<T, number>, k: number): number {
  const best: number[] = [];
  for (const [label, gain] of gains) {
    if (!Number.isFinite(gain)) {
      throw new TagdistillError('E_BAD_INPUT', `The gain of ${JSON.stringify(label)} is ${gain}`, {
        hint: 'Give every label a finite gain, 1 where no strength is known, or pass a set of labels.',
      });
    }
    best.push(Math.max(0, gain));
  }
  best.sort((a, b) => b - a);
  let ideal = 0;
  for (let place = 0; place < Math.min(k, best.length); place++) ideal += best[place]! * discount(place);
  return ideal;
}
