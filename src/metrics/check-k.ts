import { TagdistillError } from '../core/errors.js';

/** @throws TagdistillError `E_BAD_K` if `k` is not a positive integer */
export function checkK(k: number): void {
  if (Number.isSafeInteger(k) && k > 0) return;
  throw new TagdistillError('E_BAD_K', `k is ${k}, not a positive integer`, {
    hint: 'Pass the number of places to look at, e.g. 10.',
  });
}
