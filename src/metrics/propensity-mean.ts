import { Mean } from './mean.js';
import type { PropensityScore } from './propensity-score.js';

/** Averages propensity-scored values over items, leaving out those without labels. */
export class PropensityMean {
  private readonly values = new Mean();
  private readonly bests = new Mean();

  add({ value, best }: PropensityScore): void {
    this.values.add(value);
    this.bests.add(best);
  }

  get n(): number {
    return this.values.n;
  }

  /** Mean of the values as they are. */
  get value(): number {
    return this.values.value;
  }

  /** Mean of the best achievable. */
  get best(): number {
    return this.bests.value;
  }

  /** Value / best, in [0, 1]: what papers print as PSP@k and PSnDCG@k (times 100). */
  get ratio(): number {
    return this.values.value / this.bests.value;
  }
}
