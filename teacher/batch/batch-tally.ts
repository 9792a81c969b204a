import { CostTally } from '../run/cost-tally.js';
import type { FailedQuestion } from '../run/run-tally.js';

/** What the batches of a run did, in numbers that only grow. */
export class BatchTally extends CostTally {
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
  readonly batchesByStatus = new Map<string, number>();
  /** The last failure of each question without an answer, by key. */
  readonly failed = new Map<string, FailedQuestion>();

  over(status: string): void {
    this.batchesByStatus.set(status, (this.batchesByStatus.get(status) ?? 0) + 1);
  }
}
