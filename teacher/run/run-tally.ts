import type { FailureClass } from '../client/failure.js';
import { CostTally } from './cost-tally.js';

/** How many of the failures a report shows. */
export const KEPT_FAILURES = 20;

/** A question that was given up. */
export interface FailedQuestion {
  readonly task: string;
  readonly sourceId: string;
  readonly sample: number;
  readonly model: string;
  readonly kind: FailureClass;
  readonly message: string;
}

/** What a run did, in numbers that only grow. */
export class RunTally extends CostTally {
  /** Requests that went out, retries and re-asks included. */
  nRequests = 0;
  nAnswered = 0;
  /** Questions whose answer the journal had. */
  nReused = 0;
  nUnparseable = 0;
  nTruncated = 0;
  nFailed = 0;
  readonly failures: FailedQuestion[] = [];
  readonly failuresByClass = new Map<FailureClass, number>();
  readonly retriesByClass = new Map<FailureClass, number>();

  get nRetries(): number {
    let sum = 0;
    for (const n of this.retriesByClass.values()) sum += n;
    return sum;
  }

  retried(kind: FailureClass): void {
    this.retriesByClass.set(kind, (this.retriesByClass.get(kind) ?? 0) + 1);
  }

  failed(failure: FailedQuestion): void {
    this.nFailed++;
    this.failuresByClass.set(failure.kind, (this.failuresByClass.get(failure.kind) ?? 0) + 1);
    if (this.failures.length < KEPT_FAILURES) this.failures.push(failure);
  }
}
