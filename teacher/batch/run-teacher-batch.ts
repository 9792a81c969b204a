import { TagdistillError } from '../../src/core/errors.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import { refuseOccupied } from '../../src/dataset/write-dataset.js';
import { Journal } from '../journal/journal.js';
import { Budget } from '../money/budget.js';
import { countItems, itemSources } from '../run/item-sources.js';
import { KeyTable } from '../run/key-table.js';
import { endpointOf } from '../run/open-teacher.js';
import { newRunId } from '../run/run-id.js';
import { settleOptions, type RunTeacherOptions, type SettledOptions } from '../run/run-options.js';
import { priceModels, type ModelPrices } from '../run/run-prices.js';
import { loadPrompts, type RunPrompts } from '../run/run-prompts.js';
import { runTeacher } from '../run/run-teacher.js';
import { directionsOf, givenTags, tagsOfItems, tagSources } from '../run/tag-sources.js';
import { readPast, type JournalPast } from '../run/unfinished-answers.js';
import { BatchApi } from './batch-api.js';
import { BatchJournal } from './batch-journal.js';
import { BatchOutcomes } from './batch-outcomes.js';
import {
  refuseWhatBatchesCannot,
  settleBatchOptions,
  type RunTeacherBatchOptions,
  type SettledBatchOptions,
} from './batch-options.js';
import { batchRunReport, type BatchesDone, type BatchRunReport } from './batch-report.js';
import { BatchRounds } from './batch-rounds.js';
import { BatchTally } from './batch-tally.js';
import { BatchesUnderWay } from './batches-under-way.js';
import type { QuestionPast } from './request-line.js';
import { deleteShardFiles } from './shard-writer.js';
import { ShardSubmission } from './submit-shard.js';

/**
 * Tag items by a live LLM like {@link runTeacher}, by the batch interface of its server: cheaper, within a day.
 *
 * Batches go on at the server when this process ends, be it killed; the same command, run again, finds them, brings
 * their answers in and submits only the rest. The data set is made from the journal as that of an online run.
 *
 * @throws TagdistillError what {@link runTeacher} throws; `E_TEACHER` if the server takes no batches; `E_BAD_OPTION`
 *   for a cascade; `E_ABORTED`, after which the batches go on
 */
export async function runTeacherBatch(options: RunTeacherBatchOptions): Promise<BatchRunReport> {
  const { batch, sleep: _, ...given } = options;
  refuseWhatBatchesCannot(given);
  const settled = settleOptions(options);
  const batchOptions = settleBatchOptions(batch);
  await refuseOccupied(settled.out, settled.overwrite ?? false);
  const prompts = loadPrompts(settled);
  const prices = await priceModels(settled);
  const startedAt = settled.now();
  const journal = await Journal.open(settled.journal, settled);
  let done: BatchesDone;
  try {
    const batches = await BatchJournal.open(settled.journal);
    try {
      const { model } = settled.teacher;
      const past = await readPast(journal, { model, tasks: settled.tasks });
      const parts = { settled, batchOptions, prompts, prices, journal, batches, past };
      done = await new TeacherBatches(parts).run();
    } finally {
      await batches.close();
    }
  } finally {
    await journal.close();
  }
  const report = await runTeacher(finishing(given, batchOptions, done)).catch((error: unknown) => {
    throw withFailure(error, done);
  });
  return batchRunReport(report, {
    ...done,
    durationMs: settled.now() - startedAt,
    fallback: batchOptions.fallback,
  });
}

interface TeacherBatchesParts {
  readonly settled: SettledOptions;
  readonly batchOptions: SettledBatchOptions;
  readonly prompts: RunPrompts;
  readonly prices: ModelPrices;
  readonly journal: Journal;
  readonly batches: BatchJournal;
  readonly past: JournalPast;
}

class TeacherBatches {
  private readonly tally = new BatchTally();
  private readonly outcomes: BatchOutcomes;
  private readonly underWay: BatchesUnderWay;
  private readonly submission: ShardSubmission;
  private readonly rounds: BatchRounds;
  private nMissing = 0;

  constructor(private readonly parts: TeacherBatchesParts) {
    const { settled, batchOptions, prompts, prices, journal, batches, past } = parts;
    const { tally } = this;
    const { signal, onProgress, onNotice = () => undefined, now, random, logprobs = false } = settled;
    const price = prices.teacher;
    const sleep = (ms: number): Promise<void> => this.sleep(ms);
    const { apiKey = 'none', baseUrl, model } = settled.teacher;
    const api = new BatchApi({ baseUrl, apiKey, model, random, sleep, now, signal });
    this.outcomes = new BatchOutcomes({ api, tally, onNotice }, batchOptions.maxQueuedTokens, logprobs);
    const { outcomes } = this;
    const pasts = pastsOf(past);
    this.underWay = new BatchesUnderWay({
      ...{ api, batches, tally, sleep, onNotice, onProgress, options: batchOptions },
      onRefused: (shard, errors, queuedTokens) => outcomes.refused(shard, errors, queuedTokens),
      harvest: {
        ...{ api, journal, price, tally, pasts, onNotice },
        mayAskAgain: () => outcomes.mayAskAgain,
        onFailure: (request, failure) => outcomes.failed(request, failure),
      },
    });
    const { underWay } = this;
    const budget = new Budget(settled.budgetMicrousd ?? null);
    this.submission = new ShardSubmission({
      ...{ api, batches, journal, underWay, budget, tally, onNotice },
    });
    const runId = newRunId('batch', now(), 4);
    let nShards = 0;
    this.rounds = new BatchRounds({
      ...{ journal, price, budget, outcomes, underWay, tally, pasts, signal, sleep },
      endpoint: endpointOf(settled.teacher),
      samples: settled.samples,
      outTokens: past.outTokens,
      options: batchOptions,
      submission: this.submission,
      prompts: Object.fromEntries(
        Object.entries(prompts).map(([task, { id, hash }]) => [task, { id, hash }]),
      ),
      dir: settled.journal,
      newShardId: () => `${runId}-${++nShards}`,
    });
  }

  async run(): Promise<BatchesDone> {
    const { settled, journal } = this.parts;
    try {
      await deleteShardFiles(settled.journal);
      if (settled.offline === true) return { tally: this.tally, stopped: null, nMissing: 0 };
      await this.submission.recover();
      await this.ask();
      // Batches of other questions, e.g. of items that are gone, are brought in as well: they are paid.
      await this.underWay.untilAllAreOver();
    } catch (error) {
      if (settled.signal?.aborted === true) throw this.aborted(error);
      throw error;
    }
    const { tally, outcomes, nMissing } = this;
    if (outcomes.stopped?.kind === 'endpoint') {
      const { message, cause } = outcomes.stopped;
      throw new TagdistillError('E_TEACHER', message, {
        hint: `${journal.nCalls} answers and failures are in ${settled.journal}: mend this and run the same command again.`,
        ...(cause !== undefined && { cause }),
      });
    }
    return { tally, stopped: outcomes.stopped, nMissing };
  }

  private async ask(): Promise<void> {
    const { settled, prompts, journal } = this.parts;
    const problems = new RowProblems(settled.strict ?? false);
    const itemKeys = new KeyTable(settled.samples);
    const given = settled.tags === undefined ? null : await givenTags(settled.tags, settled, problems);
    if (settled.tasks.includes('item2tag')) {
      await countItems(settled, prompts, problems);
      await this.rounds.ask(() => itemSources(settled, prompts), itemKeys);
      this.countMissing(itemKeys);
    }
    if (directionsOf(settled.tasks).length === 0 || this.outcomes.isStopped()) return;
    const tags = given ?? (await tagsOfItems(settled, { itemKeys, journal }));
    const tagKeys = new KeyTable(settled.samples);
    await this.rounds.ask(() => tagSources(tags, settled, prompts), tagKeys);
    this.countMissing(tagKeys);
  }

  private countMissing(keys: KeyTable): void {
    for (let source = 0; source < keys.nSources; source++) {
      for (let place = 0; place < keys.nPlaces; place++) {
        const key = keys.get(source, place);
        if (key !== null && !this.parts.journal.has(key)) this.nMissing++;
      }
    }
  }

  private async sleep(ms: number): Promise<void> {
    const { sleep, signal } = this.parts.settled;
    try {
      await sleep(ms, signal);
    } catch (cause) {
      if (signal?.aborted === true) throw new TagdistillError('E_ABORTED', 'the run was stopped', { cause });
      throw cause;
    }
    if (signal?.aborted === true) throw new TagdistillError('E_ABORTED', 'the run was stopped');
  }

  private aborted(cause: unknown): TagdistillError {
    const n = this.parts.batches.open.length;
    const ids = some(this.underWay.batchIds);
    const which = n === 0 ? 'No batch is under way' : `${n} batches (${ids}) go on`;
    return new TagdistillError('E_ABORTED', 'the run was stopped', {
      hint: `${which} at the server. Run the same command again to bring the answers in; nothing is submitted twice.`,
      cause,
    });
  }
}

/** The run that makes the data set: it asks nothing but, as a fallback, what the batches left over. */
function finishing(
  given: RunTeacherOptions,
  { fallback }: SettledBatchOptions,
  { tally, stopped, nMissing }: BatchesDone,
): RunTeacherOptions {
  const { budgetMicrousd } = given;
  return {
    ...given,
    offline: given.offline === true || stopped !== null || (nMissing > 0 && !fallback),
    ...(budgetMicrousd !== undefined && { budgetMicrousd: Math.max(0, budgetMicrousd - tally.costMicrousd) }),
  };
}

/** An empty data set is explained by what failed in the batches. */
function withFailure(error: unknown, { tally }: BatchesDone): unknown {
  const [first] = tally.failed.values();
  if (!(error instanceof TagdistillError) || error.code !== 'E_NO_ROWS' || first === undefined) return error;
  return new TagdistillError(error.code, error.message, {
    hint: `The first failure: ${first.message}`,
    cause: error,
  });
}

function pastsOf({ unfinished }: JournalPast): Map<string, QuestionPast> {
  return new Map(
    Array.from(unfinished, ([key, answers]) => {
      const isCut = answers.at(-1)?.finishReason === 'length';
      return [key, { nAttempts: answers.length, answers, isCut }];
    }),
  );
}

function some(ids: readonly string[]): string {
  return ids.length <= 3 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')}, ...`;
}
