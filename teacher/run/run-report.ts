import type { Space } from '../../src/core/space.js';
import type { RowProblems } from '../../src/dataset/row-problems.js';
import type { FailureClass } from '../client/failure.js';
import type { TeachReport } from '../teach-report.js';
import { cascadeReport, type CascadeReport } from './cascade-report.js';
import type { ItemCounts } from './item-sources.js';
import type { SettledOptions } from './run-options.js';
import { isOrderly, type StopReason } from './run-stop.js';
import type { FailedQuestion, RunTally } from './run-tally.js';
import type { CascadeTally } from './source-asker.js';
import type { SpaceGrowth, TagStatistics } from './tag-statistics.js';
import type { WrittenRun } from './write-run.js';

/** What came of a live run. */
export interface RunReport extends TeachReport {
  readonly runId: string;
  readonly journal: string;
  /** Why the run asked no further than it did; null where it asked about everything. */
  readonly stopped: { readonly reason: 'budget' | 'recall' | 'offline'; readonly message: string } | null;
  /** Items not in the data set, as the run stopped before they had an answer, or they went while it was under way. */
  readonly nItemsLeftOut: number;
  readonly nBelowExposure: number;
  /** Items of which the teacher did not see the whole text. */
  readonly nTextsCut: number;
  readonly nRequests: number;
  /** Answers that this run got, and those that it had already. */
  readonly nNewAnswers: number;
  readonly nReused: number;
  readonly nTruncated: number;
  readonly nRetries: number;
  readonly retriesByClass: Readonly<Partial<Record<FailureClass, number>>>;
  readonly nFailed: number;
  readonly failuresByClass: Readonly<Partial<Record<FailureClass, number>>>;
  /** The first of them. */
  readonly failures: readonly FailedQuestion[];
  readonly tokens: { readonly in: number; readonly cached: number; readonly out: number };
  /** What this run cost, in millionths of a US dollar; null where the models have no price. */
  readonly cost: { readonly measuredMicrousd: number; readonly estimatedMicrousd: number } | null;
  /** What stands in the journal, all runs together. */
  readonly journalMicrousd: number;
  readonly growth: Readonly<Partial<Record<Space, SpaceGrowth>>>;
  readonly cascade: CascadeReport | null;
  readonly durationMs: number;
}

export interface RunFacts {
  readonly options: SettledOptions;
  readonly runId: string;
  readonly durationMs: number;
  readonly reason: StopReason | null;
  readonly tally: RunTally;
  readonly statistics: TagStatistics;
  readonly cascades: readonly CascadeTally[];
  readonly counts: ItemCounts;
  readonly problems: RowProblems;
  readonly hasPrice: boolean;
  readonly journalMicrousd: number;
}

/** Put together what a run wrote and what it did. */
export function runReport({ nUsable: _, nDims, costs, ...written }: WrittenRun, facts: RunFacts): RunReport {
  const { options, tally, reason, counts, problems } = facts;
  const { measuredMicrousd, estimatedMicrousd } = tally;
  const { strong, strongSamples } = options;
  return {
    dir: options.out,
    ...written,
    ...(nDims !== undefined && { nDims }),
    nProblems: problems.count,
    problems: problems.first,
    runId: facts.runId,
    journal: options.journal,
    stopped: reason !== null && isOrderly(reason) ? { reason: reason.kind, message: reason.message } : null,
    nItemsLeftOut: Math.max(0, counts.nItems - written.nItems),
    nBelowExposure: counts.nBelowExposure,
    nTextsCut: counts.nCut,
    nRequests: tally.nRequests,
    nNewAnswers: tally.nAnswered,
    nReused: tally.nReused,
    nTruncated: tally.nTruncated,
    nRetries: tally.nRetries,
    retriesByClass: Object.fromEntries(tally.retriesByClass),
    nFailed: tally.nFailed,
    failuresByClass: Object.fromEntries(tally.failuresByClass),
    failures: tally.failures,
    tokens: { in: tally.tokensIn, cached: tally.tokensCached, out: tally.tokensOut },
    cost: facts.hasPrice ? { measuredMicrousd, estimatedMicrousd } : null,
    journalMicrousd: facts.journalMicrousd,
    growth: facts.statistics.figures(),
    cascade:
      strong === undefined
        ? null
        : cascadeReport(facts.cascades, costs, { strongModel: strong.model, strongSamples }),
    durationMs: facts.durationMs,
  };
}
