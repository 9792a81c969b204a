import { TagdistillError } from '../../src/core/errors.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import type { Task } from '../../src/dataset/rows.js';
import type { Journal } from '../journal/journal.js';
import type { Budget } from '../money/budget.js';
import { estimateTokens, TOKENS_P95_FACTOR } from '../money/estimate-tokens.js';
import { ASSUMED_OUT_TOKENS, type OutTokens } from '../money/out-tokens.js';
import { costMicrousd, type Price } from '../money/prices.js';
import { questionKey, type ModelEndpoint, type Question } from '../questions/question.js';
import { KeyMap } from '../../src/core/key-map.js';
import type { KeyTable } from '../run/key-table.js';
import { passOver } from '../run/pass-over.js';
import type { RunSource } from '../run/source-asker.js';
import type { BatchOutcomes } from './batch-outcomes.js';
import type { SettledBatchOptions } from './batch-options.js';
import type { BatchTally } from './batch-tally.js';
import type { BatchesUnderWay } from './batches-under-way.js';
import { batchRequest, type QuestionPast } from './request-line.js';
import { ShardWriter, type ShardLimits, type ShardWords, type SizedRequest } from './shard-writer.js';
import type { ShardSubmission } from './submit-shard.js';

export interface BatchRoundsParts {
  readonly endpoint: ModelEndpoint;
  readonly samples: number;
  readonly journal: Journal;
  readonly price: Price | null;
  readonly outTokens: Readonly<Partial<Record<Task, OutTokens>>>;
  readonly options: SettledBatchOptions;
  readonly budget: Budget;
  readonly outcomes: BatchOutcomes;
  readonly underWay: BatchesUnderWay;
  readonly submission: ShardSubmission;
  readonly tally: BatchTally;
  readonly pasts: ReadonlyMap<string, QuestionPast>;
  readonly prompts: ShardWords['prompts'];
  /** Folder of the journal, where the files of batches are made. */
  readonly dir: string;
  readonly newShardId: () => string;
  readonly signal: AbortSignal | undefined;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Submits the questions that have no answer, round by round: each round those that the one before left over. */
export class BatchRounds {
  private writer: ShardWriter | null = null;

  constructor(private readonly parts: BatchRoundsParts) {}

  /**
   * Ask all questions about the sources; what is under way from before counts as asked.
   *
   * @param sources gives the same ones again each time
   * @param keys gains the key of each question
   * @throws TagdistillError `E_TEACHER`, `E_FILE_WRITE`, `E_ABORTED`
   */
  async ask(sources: () => AsyncIterable<RunSource> | Iterable<RunSource>, keys: KeyTable): Promise<void> {
    const { underWay, outcomes, options, tally, sleep } = this.parts;
    for (let round = 1; !outcomes.isStopped();) {
      const { tokenRefusals } = outcomes;
      outcomes.mayAskAgain = round < options.maxRounds || options.fallback;
      const hadOpen = underWay.size > 0;
      const nRequests = tally.nRequests;
      try {
        await this.submitAll(sources(), keys);
      } finally {
        await this.discard();
      }
      await underWay.untilAllAreOver();
      const nNew = tally.nRequests - nRequests;
      if (nNew > 0) tally.nRounds++;
      const wasQueued = outcomes.tokenRefusals === tokenRefusals;
      if (nNew === 0 && !hadOpen && wasQueued) return;
      // A round that only brought in what was under way, or that the server could not queue, is no try.
      if (nNew > 0 && wasQueued) round++;
      if (round > options.maxRounds) return;
      if (!wasQueued && !outcomes.isStopped()) await sleep(options.longestPollMs);
    }
    await underWay.untilAllAreOver();
  }

  private async submitAll(
    sources: AsyncIterable<RunSource> | Iterable<RunSource>,
    keys: KeyTable,
  ): Promise<void> {
    const { endpoint, samples, journal, outcomes, underWay, signal } = this.parts;
    const seen = new KeyMap();
    // The writing of the data set tells of them.
    const untold = new RowProblems(false, 0);
    for await (const source of sources) {
      if (outcomes.isStopped()) break;
      if (signal?.aborted === true) throw new TagdistillError('E_ABORTED', 'the run was stopped');
      for (let sample = 0; sample < samples; sample++) {
        const question = await source.question(sample).catch((error: unknown) => passOver(error, untold));
        if (question === null) continue;
        const key = questionKey(question, endpoint);
        keys.set(source.index, sample, key);
        const isSettled = journal.has(key) || underWay.has(key) || outcomes.givenUp.has(key);
        if (seen.add(key) && !isSettled) await this.put(this.sized(question, key));
      }
    }
    await this.flush();
  }

  private async put(sized: SizedRequest): Promise<void> {
    const { budget, outcomes, underWay, options } = this.parts;
    if (this.writer !== null && !this.writer.fits(sized, this.limits())) await this.flush();
    while (sized.microusd > budget.leftMicrousd) {
      if (underWay.size === 0) {
        outcomes.stop({
          kind: 'budget',
          message: 'the next request may cost more than is left of the budget',
        });
      }
      if (outcomes.isStopped()) return;
      await underWay.untilOneIsOver();
    }
    if (Buffer.byteLength(sized.line) > options.maxBytes) {
      outcomes.tooLarge(sized.request, Buffer.byteLength(sized.line), options.maxBytes);
      return;
    }
    this.writer ??= this.newWriter();
    await this.writer.add(sized);
  }

  private async flush(): Promise<void> {
    const { writer } = this;
    if (writer === null) return;
    const { outcomes, underWay, submission } = this.parts;
    const shard = await writer.finish();
    while (underWay.size > 0 && underWay.queuedTokens + shard.tokensIn > outcomes.maxTokens) {
      await underWay.untilOneIsOver();
    }
    // What was heard meanwhile may have changed what fits: the questions come again in the next round.
    const isTooLarge = shard.requests.length > 1 && shard.tokensIn > outcomes.maxTokens;
    if (!outcomes.isStopped() && !isTooLarge) {
      while (!(await submission.submit(shard, writer.path))) {
        if (underWay.size === 0) {
          outcomes.stop({
            kind: 'budget',
            message: 'the next batch may cost more than is left of the budget',
          });
          break;
        }
        await underWay.untilOneIsOver();
      }
    }
    await this.discard();
  }

  private async discard(): Promise<void> {
    await this.writer?.discard();
    this.writer = null;
  }

  private sized(question: Question, key: string): SizedRequest {
    const { endpoint, outcomes, pasts, price, outTokens } = this.parts;
    const past = pasts.get(key);
    const logprobs = outcomes.takesLogprobs;
    const form = { endpoint, rung: outcomes.rung, logprobs, past };
    const { request, rung, line } = batchRequest(question, key, form);
    const imageTokens = price?.imageTokens;
    const tokensIn = estimateTokens(request.messages, imageTokens === undefined ? {} : { imageTokens });
    const { task, sourceId, sample } = question;
    const tokensOut = (outTokens[task] ?? ASSUMED_OUT_TOKENS[task]).p95;
    const most = { tokensIn: Math.ceil(TOKENS_P95_FACTOR * tokensIn), tokensCached: 0, tokensOut };
    return {
      line,
      microusd: price === null ? 0 : costMicrousd(most, price, { isBatch: true }),
      request: {
        ...{ key, task, sourceId, sample, tokensIn, rung },
        attempt: 1 + (past?.nAttempts ?? 0),
        params: request.endpoint.params,
      },
    };
  }

  private newWriter(): ShardWriter {
    const { dir, endpoint, outcomes, prompts, newShardId } = this.parts;
    return new ShardWriter(dir, {
      id: newShardId(),
      baseUrl: endpoint.baseUrl,
      model: endpoint.model,
      logprobs: outcomes.takesLogprobs,
      prompts,
    });
  }

  private limits(): ShardLimits {
    const { budget, options, outcomes } = this.parts;
    const { maxRequests, maxBytes } = options;
    return { maxRequests, maxBytes, maxTokens: outcomes.maxTokens, maxMicrousd: budget.leftMicrousd };
  }
}
