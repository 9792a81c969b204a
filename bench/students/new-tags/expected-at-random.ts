import { discount } from '../../../src/metrics/discount.js';

/** Give the mean nDCG@k over all orders of `nTags` tags of which `nTrue` are true. */
export function expectedNdcg(nTrue: number, nTags: number, k: number): number {
  const dcgOf = (places: number): number => {
    let sum = 0;
    for (let place = 0; place < places; place++) sum += discount(place);
    return sum;
  };
  return ((nTrue / nTags) * dcgOf(Math.min(k, nTags))) / dcgOf(Math.min(k, nTrue));
}

/** Give the mean recall@k over all orders of `nTags` tags. */
export function expectedRecall(nTags: number, k: number): number {
  return Math.min(k, nTags) / nTags;
}
