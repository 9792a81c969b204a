import { seededRandom } from '../../src/core/random.js';
import { bootstrapMean, type Interval } from '../../src/metrics/bootstrap.js';
import { randomisationTest } from '../../src/metrics/randomisation.js';

/** Values of an item metric in one split, beside the group of each item. */
export interface ItemValues {
  readonly groups: readonly string[];
  /** Shape [items], NaN where the item has no tag. */
  readonly values: Float32Array;
}

export interface PairedDifference extends Interval {
  /** Two-sided, by a randomisation test over groups. */
  readonly p: number;
}

/**
 * Difference of two systems' means over the items of all splits, with its 95 % interval.
 *
 * Groups are drawn, not items: the items of a group are alike, and an item may stand in the test part of several
 * seeds. `n` counts groups.
 */
export function pairedDifference(a: readonly ItemValues[], b: readonly ItemValues[]): PairedDifference {
  const sums = new Map<string, number>();
  let nItems = 0;
  a.forEach(({ groups, values }, split) => {
    groups.forEach((group, i) => {
      const difference = values[i]! - b[split]!.values[i]!;
      if (Number.isNaN(difference)) return;
      sums.set(group, (sums.get(group) ?? 0) + difference);
      nItems++;
    });
  });
  // Scaled so that the mean over groups is the mean over items.
  const scaled = Float64Array.from(sums.values(), (sum) => (sum * sums.size) / nItems);
  const { p } = randomisationTest(scaled, new Float64Array(scaled.length), { random: seededRandom(1) });
  // BCa leaves the range of sense where one group holds a great part of the items, as debtags has them.
  return { ...bootstrapMean(scaled, { random: seededRandom(1), method: 'percentile' }), p };
}
