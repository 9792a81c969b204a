import type { Cost } from '../run/call-rows.js';
import type { FailedQuestion } from '../run/run-tally.js';

/** What the batches of a run did, in numbers that only grow. */
export class BatchTally {
  nBatches = 0;
  /** Batches that an earlier process had submitted. */
  nFound = 0;
  /** Requests submitted by this run. */
  nRequests = 0;
  nAnswered = 0;
  nUnparseable = 0;
  nTruncated = 0;
  nRounds = 0;
  /** Lines that are no answer of ours: not to be read, of questions not asked, or of questions answered before. */
  nGarbage = 0;
  nUnknown = 0;
  nDuplicates = 0;
  tokensIn = 0;
  tokensCached = 0;
  tokensOut = 0;
  measuredMicrousd = 0;
  estimatedMicrousd = 0;
  readonly batchesByStatus = new Map<string, number>();
  /** The last failure of each question without an answer, by key. */
  readonly failed = new Map<string, FailedQuestion>();

  over(status: string): void {
    this.batchesByStatus.set(status, (this.batchesByStatus.get(status) ?? 0) + 1);
  }

  paid({ usage, microusd, basis }: Cost): void {
    this.tokensIn += usage.tokensIn;
    this.tokensCached += usage.tokensCached;
    this.tokensOut += usage.tokensOut;
    if (basis === 'measured') this.measuredMicrousd += microusd ?? 0;
    else this.estimatedMicrousd += microusd ?? 0;
  }
}
