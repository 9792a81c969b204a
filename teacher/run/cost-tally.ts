import type { Cost } from './call-rows.js';

/** What answers cost, in sums that only grow. */
export class CostTally {
  tokensIn = 0;
  tokensCached = 0;
  tokensOut = 0;
  /** Spent in this run, by tokens that the server counted, and by tokens that were estimated. */
  measuredMicrousd = 0;
  estimatedMicrousd = 0;

  get costMicrousd(): number {
    return this.measuredMicrousd + this.estimatedMicrousd;
  }

  paid({ usage, microusd, basis }: Cost): void {
    this.tokensIn += usage.tokensIn;
    this.tokensCached += usage.tokensCached;
    this.tokensOut += usage.tokensOut;
    if (basis === 'measured') this.measuredMicrousd += microusd ?? 0;
    else this.estimatedMicrousd += microusd ?? 0;
  }
}
