import type { FailureClass } from '../client/failure.js';
import type { RunReport } from '../run/run-report.js';
import { KEPT_FAILURES, type FailedQuestion } from '../run/run-tally.js';
import type { BatchStop } from './batch-outcomes.js';
import type { BatchTally } from './batch-tally.js';

/** What the batches of a run came to. */
export interface BatchesDone {
  readonly tally: BatchTally;
  readonly stopped: BatchStop | null;
  /** Questions without an answer. */
  readonly nMissing: number;
}

/** What the batches of a run did. */
export interface BatchReport {
  readonly nBatches: number;
  /** Batches that an earlier process had submitted. */
  readonly nFound: number;
  readonly nRounds: number;
  readonly nRequests: number;
  readonly nAnswered: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Lines that were passed over: not to be read, of questions not asked, answers given twice. */
  readonly nGarbage: number;
  readonly nUnknown: number;
  readonly nDuplicates: number;
  /** Null where the model has no price. */
  readonly costMicrousd: number | null;
}

/** What came of a run in batches, the online calls that followed them included. */
export interface BatchRunReport extends RunReport {
  readonly batch: BatchReport;
}

interface BatchReportFacts extends BatchesDone {
  readonly durationMs: number;
  readonly fallback: boolean;
}

/** Add what the batches did to the report of the run that made the data set. */
export function batchRunReport(
  report: RunReport,
  { tally, stopped, nMissing, durationMs, fallback }: BatchReportFacts,
): BatchRunReport {
  const failed = fallback ? [] : [...tally.failed.values()];
  return {
    ...report,
    stopped: stoppedBy(report, { stopped, nMissing }),
    nRequests: report.nRequests + tally.nRequests,
    nNewAnswers: report.nNewAnswers + tally.nAnswered,
    nReused: Math.max(0, report.nReused - tally.nAnswered),
    nTruncated: report.nTruncated + tally.nTruncated,
    nFailed: report.nFailed + failed.length,
    failuresByClass: sums(report.failuresByClass, countKinds(failed)),
    failures: [...report.failures, ...failed].slice(0, KEPT_FAILURES),
    tokens: {
      in: report.tokens.in + tally.tokensIn,
      cached: report.tokens.cached + tally.tokensCached,
      out: report.tokens.out + tally.tokensOut,
    },
    cost: report.cost && {
      measuredMicrousd: report.cost.measuredMicrousd + tally.measuredMicrousd,
      estimatedMicrousd: report.cost.estimatedMicrousd + tally.estimatedMicrousd,
    },
    durationMs,
    batch: batchReport(tally, report.cost !== null),
  };
}

function batchReport(tally: BatchTally, hasPrice: boolean): BatchReport {
  const { nBatches, nFound, nRounds, nRequests, nAnswered, nGarbage, nUnknown, nDuplicates } = tally;
  return {
    ...{ nBatches, nFound, nRounds, nRequests, nAnswered, nGarbage, nUnknown, nDuplicates },
    byStatus: Object.fromEntries(tally.batchesByStatus),
    costMicrousd: hasPrice ? tally.costMicrousd : null,
  };
}

function stoppedBy(
  report: RunReport,
  { stopped, nMissing }: Pick<BatchesDone, 'stopped' | 'nMissing'>,
): RunReport['stopped'] {
  if (stopped?.kind === 'budget') return { reason: 'budget', message: stopped.message };
  if (report.stopped?.reason !== 'offline' || nMissing === 0) return report.stopped;
  return { reason: 'offline', message: `${nMissing} questions came back from the batches without an answer` };
}

function countKinds(failed: readonly FailedQuestion[]): Partial<Record<FailureClass, number>> {
  const counts: Partial<Record<FailureClass, number>> = {};
  for (const { kind } of failed) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function sums(
  a: Readonly<Partial<Record<FailureClass, number>>>,
  b: Readonly<Partial<Record<FailureClass, number>>>,
): Partial<Record<FailureClass, number>> {
  const all: Partial<Record<FailureClass, number>> = { ...a };
  for (const [kind, n] of Object.entries(b) as [FailureClass, number][]) all[kind] = (all[kind] ?? 0) + n;
  return all;
}
