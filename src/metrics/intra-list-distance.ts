import { checkK } from './check-k.js';
import { jaccard } from './jaccard.js';

/**
 * Intra-list distance by tags: mean Jaccard distance of the pairs in the first k places, in [0, 1].
 *
 * ILD@k = 2 / (n (n - 1)) Σ over pairs of (1 - Jaccard of their tags). Two things without tags
 * are alike: distance 0. A repeat counts once. NaN when there is no pair.
 *
 * @param ranking ids of what was recommended, best first
 * @param options.tagsOf tags of one id
 * @throws TagdistillError `E_BAD_K` if `k` is not a positive integer
 * @see Ziegler, McNee, Konstan & Lausen 2005 (intra-list similarity); Zhang & Hurley 2008 (distance)
 */
export function intraListDistance<T, Tag>(
  ranking: readonly T[],
  { k = 10, tagsOf }: { readonly k?: number; readonly tagsOf: (id: T) => ReadonlySet<Tag> },
): number {
  checkK(k);
  const tags = Array.from(new Set(ranking.slice(0, k)), tagsOf);
  let sum = 0;
  for (const [i, a] of tags.entries()) {
    for (const b of tags.slice(i + 1)) sum += 1 - jaccard(a, b);
  }
  return sum / ((tags.length * (tags.length - 1)) / 2);
}
