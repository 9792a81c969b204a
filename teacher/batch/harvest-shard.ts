import { TagdistillError } from '../../src/core/errors.js';
import type { CallRow } from '../../src/dataset/rows.js';
import { parseAnswer } from '../answers/parse-answer.js';
import type { ChatAnswer } from '../client/chat-client.js';
import { CallFailure } from '../client/failure.js';
import { logprobsOf, type PaidAnswer } from '../client/output-ladder.js';
import type { Journal } from '../journal/journal.js';
import { estimateTextTokens } from '../money/estimate-tokens.js';
import { costMicrousd, type Price } from '../money/prices.js';
import { answerRow, failureRow, supersededRow, type Asking, type Cost } from '../run/call-rows.js';
import type { Batch, BatchApi } from './batch-api.js';
import type { BatchTally } from './batch-tally.js';
import { readOutputLine, type OutputLine } from './output-line.js';
import type { QuestionPast } from './request-line.js';
import type { Shard, ShardRequest } from './shard.js';
import { splitLines } from './split-lines.js';

export interface HarvestParts {
  readonly api: BatchApi;
  readonly journal: Journal;
  readonly price: Price | null;
  readonly tally: BatchTally;
  /** What the next attempt at a question has to know; gains what is harvested. */
  readonly pasts: Map<string, QuestionPast>;
  /** Whether an answer that cannot be read is still asked for again. */
  readonly mayAskAgain: () => boolean;
  /** Told of each failure, before the next line. */
  readonly onFailure: (request: ShardRequest, failure: CallFailure) => void;
  readonly onNotice: (text: string) => void;
}

const APPENDS_AT_ONCE = 256;

/** Brings the answers of one batch to the journal, be they part of it, and be some there from an earlier try. */
export class ShardHarvest {
  private readonly requests: ReadonlyMap<string, ShardRequest>;
  private readonly startedAt: string | null;
  private readonly finishedAt: string;
  private writing: Promise<void>[] = [];
  private spentMicrousd = 0;

  /** @param done keys of the shard that have their row already; gains those that get it */
  constructor(
    private readonly shard: Shard,
    private readonly batch: Batch,
    private readonly done: Set<string>,
    private readonly parts: HarvestParts,
  ) {
    this.requests = new Map(shard.requests.map((request) => [request.key, request]));
    this.startedAt = isoTime(batch.in_progress_at ?? batch.created_at);
    const ended = batch.completed_at ?? batch.expired_at ?? batch.cancelled_at ?? batch.failed_at;
    this.finishedAt = isoTime(ended) ?? new Date(parts.api.now()).toISOString();
  }

  /**
   * Harvest the output file and the error file.
   *
   * @returns what the answers cost, in micro-dollars
   * @throws CallFailure if a file cannot be fetched; TagdistillError what writing to the journal throws
   */
  async run(): Promise<number> {
    const { output_file_id: output, error_file_id: error } = this.batch;
    for (const fileId of [output, error]) {
      if (typeof fileId !== 'string' || fileId === '') continue;
      await this.parts.api.download(fileId, (chunks) => this.read(chunks));
    }
    return this.spentMicrousd;
  }

  private async read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { api, tally, onNotice } = this.parts;
    const context = { url: this.batch.id, model: this.shard.model, scrub: api.scrub, now: api.now() };
    const seen = new Set<string>();
    const odd = { nGarbage: 0, nUnknown: 0, nDuplicates: 0 };
    try {
      for await (const text of splitLines(chunks)) {
        const line = readOutputLine(text, context);
        if (line.state === 'garbage') odd.nGarbage++;
        else if (!this.requests.has(line.key)) odd.nUnknown++;
        else if (seen.has(line.key)) odd.nDuplicates++;
        else {
          seen.add(line.key);
          this.take(line, this.requests.get(line.key)!);
        }
        if (this.writing.length >= APPENDS_AT_ONCE) await this.written();
      }
    } finally {
      await this.written();
    }
    for (const name of ['nGarbage', 'nUnknown', 'nDuplicates'] as const) tally[name] += odd[name];
    if (odd.nGarbage + odd.nUnknown + odd.nDuplicates === 0) return;
    onNotice(
      `batch ${this.batch.id}: passed over ${odd.nGarbage} lines that cannot be read, ${odd.nUnknown} of questions that were not in it, ${odd.nDuplicates} answers to the same question again`,
    );
  }

  private take(line: Exclude<OutputLine, { state: 'garbage' }>, request: ShardRequest): void {
    if (line.state === 'not_asked' || this.done.has(request.key)) return;
    this.done.add(request.key);
    if (line.state === 'answer') this.takeAnswer(request, line.answer);
    else this.takeFailure(request, line.failure);
  }

  private takeAnswer(request: ShardRequest, answer: ChatAnswer): void {
    const { tally, pasts } = this.parts;
    const isCut = answer.finishReason === 'length';
    const parsed = parseAnswer(request.task, answer.rawText, { isCut });
    if (parsed.state === 'unparseable' && isCut) {
      const { rawText, usage } = answer;
      const message = `${this.batch.id}: the answer was cut short before its first whole tag`;
      this.takeFailure(request, new CallFailure('truncated', message, { status: 200, rawText, usage }));
      return;
    }
    const cost = this.costOf(answer, request);
    const paid: PaidAnswer = {
      ...{ answer, parsed, rung: request.rung },
      ...{ startedAt: this.startedAt ?? this.finishedAt, finishedAt: this.finishedAt },
    };
    const asking = this.asking(request);
    if (parsed.state === 'unparseable' && !this.wasUnreadable(request) && this.parts.mayAskAgain()) {
      this.remember(request, { answer, isCut: false });
      this.parts.onFailure(request, new CallFailure('unparseable', parsed.reason));
      this.write(supersededRow(asking, paid, request.attempt, cost));
      return;
    }
    pasts.delete(request.key);
    tally.failed.delete(request.key);
    tally.nAnswered++;
    if (parsed.state === 'unparseable') tally.nUnparseable++;
    if (isCut) tally.nTruncated++;
    const tagLogprobs = this.shard.logprobs ? logprobsOf(paid) : null;
    this.write(answerRow(asking, { ...paid, tagLogprobs }, request.attempt, cost));
  }

  private takeFailure(request: ShardRequest, failure: CallFailure): void {
    const { usage } = failure;
    const cost = usage === null ? null : this.paid({ usage, basis: 'measured' });
    this.remember(request, { answer: null, isCut: failure.kind === 'truncated' });
    this.parts.onFailure(request, failure);
    const { finishedAt } = this;
    this.write(failureRow(this.asking(request), failure, request.attempt, { cost, finishedAt }));
  }

  private wasUnreadable({ key }: ShardRequest): boolean {
    return (this.parts.pasts.get(key)?.answers.length ?? 0) > 0;
  }

  private remember(
    { key, attempt }: ShardRequest,
    { answer, isCut }: { readonly answer: ChatAnswer | null; readonly isCut: boolean },
  ): void {
    const { pasts } = this.parts;
    const answers = pasts.get(key)?.answers ?? [];
    pasts.set(key, { nAttempts: attempt, answers: answer === null ? answers : [...answers, answer], isCut });
  }

  private costOf({ usage, rawText }: ChatAnswer, { tokensIn }: ShardRequest): Cost {
    if (usage !== null) return this.paid({ usage, basis: 'measured' });
    const estimate = { tokensIn, tokensCached: 0, tokensOut: estimateTextTokens(rawText) };
    return this.paid({ usage: estimate, basis: 'estimated' });
  }

  private paid({ usage, basis }: Pick<Cost, 'usage' | 'basis'>): Cost {
    const { price, tally } = this.parts;
    const microusd = price === null ? null : costMicrousd(usage, price, { isBatch: true });
    const cost = { usage, microusd, basis };
    this.spentMicrousd += microusd ?? 0;
    tally.paid(cost);
    return cost;
  }

  private asking({ key, task, sourceId, sample, params }: ShardRequest): Asking {
    const { baseUrl, model, prompts, id } = this.shard;
    const prompt = prompts[task] ?? { id: '', hash: '' };
    return {
      key,
      question: { task, sourceId, sample, prompt, messages: [] },
      endpoint: { baseUrl, model, params },
      mode: 'batch',
      runId: id,
    };
  }

  private write(row: CallRow): void {
    const written = this.parts.journal.append(row).catch((error: unknown) => {
      // One answer of an absurd size is no reason to stop.
      if (!(error instanceof TagdistillError) || error.code !== 'E_BAD_INPUT') throw error;
      this.parts.onNotice(`batch ${this.batch.id}: ${error.message}`);
    });
    written.catch(() => undefined); // heard in `written`
    this.writing.push(written);
  }

  private async written(): Promise<void> {
    const { writing } = this;
    this.writing = [];
    await Promise.all(writing);
  }
}

function isoTime(seconds: number | undefined | null): string | null {
  return typeof seconds === 'number' && seconds > 0 && seconds < 1e11
    ? new Date(1000 * seconds).toISOString()
    : null;
}
