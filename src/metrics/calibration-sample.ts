import { TagdistillError } from '../core/errors.js';
import { checkK } from './check-k.js';
import { GrowingValues } from './growing-values.js';
import {
  calibrationError,
  reliabilityBins,
  type ReliabilityBin,
  type ReliabilityOptions,
} from './reliability.js';
import type { Truth } from './truth.js';

/**
 * Collects the top k predictions of items with their probabilities, for ECE@k and reliability diagrams.
 *
 * A prediction that the teacher's answer does not name counts as 0; a repeat counts once. Items
 * without labels are left out. Takes 8 bytes a prediction.
 */
export class CalibrationSample<T> {
  nItems = 0;
  nWithoutLabels = 0;
  private readonly k: number;
  private readonly probabilities = new GrowingValues();
  private readonly named = new GrowingValues();

  /** @throws TagdistillError `E_BAD_K` if `k` is not a positive integer */
  constructor({ k = 10 }: { readonly k?: number } = {}) {
    checkK(k);
    this.k = k;
  }

  /**
   * Count one item.
   *
   * @param ranking labels, best first
   * @param options.probabilities of the ranking's labels, in its order
   * @throws TagdistillError `E_BAD_INPUT` if a label within the first k has no probability in [0, 1];
   *   the item is then not counted
   */
  add(
    ranking: readonly T[],
    truth: Truth<T>,
    { probabilities }: { readonly probabilities: ArrayLike<number> },
  ): void {
    if (truth.size === 0) {
      this.nWithoutLabels++;
      return;
    }
    const end = Math.min(this.k, ranking.length);
    for (let place = 0; place < end; place++) {
      const p = probabilities[place] ?? NaN;
      if (p >= 0 && p <= 1) continue;
      throw new TagdistillError('E_BAD_INPUT', `The probability at place ${place + 1} is ${p}`, {
        hint: 'Pass a calibrated probability in [0, 1] for each label of the ranking.',
      });
    }
    const seen = new Set<T>();
    for (let place = 0; place < end; place++) {
      const label = ranking[place]!;
      if (seen.has(label)) continue;
      seen.add(label);
      this.probabilities.push(probabilities[place]!);
      this.named.push(truth.has(label) ? 1 : 0);
    }
    this.nItems++;
  }

  /** Bins of a reliability diagram; options as for {@link reliabilityBins}. */
  bins(options: ReliabilityOptions = {}): ReliabilityBin[] {
    return reliabilityBins(this.probabilities.toArray(), this.named.toArray(), options);
  }

  /** ECE@k; options as for {@link reliabilityBins}. NaN before the first prediction. */
  error(options: ReliabilityOptions = {}): number {
    return calibrationError(this.bins(options));
  }
}
