import { checkK } from './check-k.js';
import type { Truth } from './truth.js';

/**
 * List the 0-based places, among the first k of a ranking, that hold a true label, in rising order.
 *
 * Every ranking metric here counts through this list, so that all treat repeats alike: a label
 * that stands twice counts at its first place; the repeat keeps its place and earns nothing.
 *
 * @param ranking labels, best first; may be shorter than k
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 */
export function hitPlaces<T>(ranking: readonly T[], truth: Truth<T>, k: number): number[] {
  checkK(k);
  const places: number[] = [];
  const seen = new Set<T>();
  const end = Math.min(k, ranking.length);
  for (let place = 0; place < end && seen.size < truth.size; place++) {
    const label = ranking[place]!;
    if (!truth.has(label) || seen.has(label)) continue;
    seen.add(label);
    places.push(place);
  }
  return places;
}
