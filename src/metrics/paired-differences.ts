import { TagdistillError } from '../core/errors.js';

/**
 * Subtract per-item values pairwise, leaving out items where either is NaN.
 *
 * @throws TagdistillError `E_BAD_INPUT` if the lengths differ
 */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new TagdistillError('E_BAD_INPUT', `${a.length} values cannot be paired with ${b.length}`, {
      hint: 'Evaluate both on the same items in the same order.',
    });
  }
  return Float64Array.from(a, (value, i) => value - b[i]!).filter((value) => !Number.isNaN(value));
}

/** @throws TagdistillError `E_BAD_OPTION` if `n` is not a positive integer */
export function checkRounds(n: number): void {
  if (Number.isSafeInteger(n) && n > 0) return;
  throw new TagdistillError('E_BAD_OPTION', `${n} is not a number of rounds`, {
    hint: 'Choose a positive integer, 2000 or more for figures to publish.',
  });
}
