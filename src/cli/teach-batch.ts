import type { Command } from 'commander';
import type { BatchRunReport, RunTeacherBatchOptions } from '../../teacher/index.js';
import { count, table } from './output.js';
import { positiveInteger } from './parse-options.js';
import { runOptions, type TeachOptions } from './teach-options.js';
import { dollars } from './teach-output.js';

/** The options of `teach` with those of batches. */
export interface TeachBatchOptions extends TeachOptions {
  readonly batch?: true;
  readonly batchRequests?: number;
  readonly batchBytes?: number;
  readonly batchQueuedTokens?: number;
  readonly batchRounds?: number;
  readonly batchFallback?: true;
  readonly pollSeconds?: number;
}

/** Add the options of batches to `teach`, as a group of their own. */
export function addBatchOptions(command: Command): Command {
  return command
    .optionsGroup('Batches:')
    .option('--batch', "ask by the server's batch interface: cheaper, within a day")
    .option('--batch-requests <n>', 'requests in a batch at most (default: 50000)', positiveInteger)
    .option('--batch-bytes <n>', 'size of the file of a batch at most (default: 190000000)', positiveInteger)
    .option(
      '--batch-queued-tokens <n>',
      'input tokens, by estimate, of all batches under way at most',
      positiveInteger,
    )
    .option('--batch-rounds <n>', 'how often to submit what has no answer (default: 3)', positiveInteger)
    .option('--batch-fallback', 'ask online, at full price, what the batches left without an answer')
    .option(
      '--poll-seconds <n>',
      'time between two looks at the batches (default: 10, growing to 120 while nothing changes)',
      positiveInteger,
    )
    .optionsGroup('Output:');
}

/** Bring the command line's options into those of a run in batches. */
export function runBatchOptions(options: TeachBatchOptions, env: NodeJS.ProcessEnv): RunTeacherBatchOptions {
  const { batchRequests, batchBytes, batchQueuedTokens, batchRounds, pollSeconds, batchFallback } = options;
  return {
    ...runOptions(options, env),
    batch: {
      ...(batchRequests !== undefined && { maxRequests: batchRequests }),
      ...(batchBytes !== undefined && { maxBytes: batchBytes }),
      ...(batchQueuedTokens !== undefined && { maxQueuedTokens: batchQueuedTokens }),
      ...(batchRounds !== undefined && { maxRounds: batchRounds }),
      ...(pollSeconds !== undefined && { pollMs: 1000 * pollSeconds }),
      fallback: batchFallback === true,
    },
  };
}

/** Lay out what the batches did. */
export function batchLines({ batch }: BatchRunReport): string[] {
  const byStatus = Object.entries(batch.byStatus).map(([status, n]) => `${status} ${count(n)}`);
  const nOdd = batch.nGarbage + batch.nUnknown + batch.nDuplicates;
  return [
    '',
    ...table(
      ['batches', ''],
      [
        ['submitted', count(batch.nBatches)],
        ['found from before', count(batch.nFound)],
        ['rounds', count(batch.nRounds)],
        ['how they ended', byStatus.join(', ') || '-'],
        ['answers from them', count(batch.nAnswered)],
        ...(nOdd > 0 ? [['lines passed over', count(nOdd)]] : []),
        ...(batch.costMicrousd === null ? [] : [['cost of them', dollars(batch.costMicrousd)]]),
      ],
    ),
  ];
}
