import type { Random } from '../core/random.js';
import { checkRounds, pairedDifferences } from './paired-differences.js';

/** How surprising a difference would be if the two were exchangeable. */
export interface RandomisationResult {
  /** mean(a) - mean(b) over the items that counted. */
  readonly difference: number;
  /** Two-sided, in (0, 1]. */
  readonly p: number;
  readonly n: number;
}

/** Items whose signs are flipped by one random number and one table look-up. */
const GROUP = 8;

/**
 * Test a difference of means over the same items by flipping the signs of the items' differences at random.
 *
 * p = (1 + flips at least as far from 0 as the difference found) / (1 + all flips), so p is never 0
 * and the smallest is 1 / (1 + nFlips). Items where either value is NaN are left out. NaN, both,
 * when none is left.
 *
 * @param a shape [n]
 * @param b shape [n], the same items in the same order
 * @param options.random seeded, so that a p repeats
 * @throws TagdistillError `E_BAD_INPUT` if the lengths differ
 * @throws TagdistillError `E_BAD_OPTION` if `nFlips` is not a positive integer
 * @see Fisher 1935; Smucker, Allan & Carterette 2007; the +1 of Phipson & Smyth 2010
 */
export function randomisationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { random, nFlips = 10_000 }: { readonly random: Random; readonly nFlips?: number },
): RandomisationResult {
  checkRounds(nFlips);
  const differences = pairedDifferences(a, b);
  const n = differences.length;
  if (n === 0) return { difference: NaN, p: NaN, n };
  const found = differences.reduce((sum, value) => sum + value, 0);
  // Sums of the same numbers in another order differ by rounding: such a flip is a tie, not a miss.
  const atLeast = Math.abs(found) - 1e-9 * differences.reduce((sum, value) => sum + Math.abs(value), 0);
  const flipped = new Float64Array(nFlips); // each flip's sum
  // Group by group, so that a table of 2 KB stays in the nearest cache.
  for (let start = 0; start < n; start += GROUP) {
    const sums = signedSums(differences.subarray(start, start + GROUP));
    for (let flip = 0; flip < nFlips; flip++) flipped[flip]! += sums[Math.floor(random() * sums.length)]!;
  }
  const asFar = flipped.reduce((count, sum) => count + (Math.abs(sum) >= atLeast ? 1 : 0), 0);
  return { difference: found / n, p: (1 + asFar) / (1 + nFlips), n };
}

/** Add up n values under each choice of their signs, shape [2^n]; a set bit keeps the sign. */
function signedSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  for (const [i, value] of values.entries()) {
    for (let signs = 0; signs < sums.length; signs++) {
      sums[signs]! += (signs >> i) & 1 ? value : -value;
    }
  }
  return sums;
}
