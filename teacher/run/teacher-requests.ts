import type { ChatAnswer, ChatClient, ChatRequest, Usage } from '../client/chat-client.js';
import { CallFailure } from '../client/failure.js';
import type { Limiter } from '../limits/limiter.js';
import { isFatal, retryDelayMs } from '../limits/retry.js';
import { estimateTextTokens, estimateTokens, TOKENS_P95_FACTOR } from '../money/estimate-tokens.js';
import { costMicrousd, type Price } from '../money/prices.js';
import type { ChatMessage } from '../questions/question.js';
import type { BudgetGate } from './budget-gate.js';
import type { Cost } from './call-rows.js';
import type { RunStop } from './run-stop.js';
import type { RunTally } from './run-tally.js';

/** What all endpoints of a run share. */
export interface SharedParts {
  readonly stop: RunStop;
  readonly tally: RunTally;
  readonly budget: BudgetGate;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface TeacherRequestsOptions {
  readonly client: Pick<ChatClient, 'ask'>;
  readonly limiter: Limiter;
  readonly price: Price | null;
  /** Output tokens that 95 of 100 answers stay below. */
  readonly tokensOutP95: number;
}

/** Called with a failure that was paid and after which the request is made again. */
export type OnPaidFailure = (failure: CallFailure, cost: Cost) => Promise<void>;

type Outcome = { readonly answer: ChatAnswer; readonly cost: Cost } | { readonly failure: CallFailure };

/**
 * Makes single requests to one endpoint: each waits for room in the limits and the budget, and is made again after
 * failures that pass, by their class.
 */
export class TeacherRequests {
  /** Of the answers so far: the next one may be as long, which matters to a budget. */
  private longestOut = 0;

  constructor(
    private readonly options: TeacherRequestsOptions,
    private readonly shared: SharedParts,
  ) {}

  /**
   * @throws CallFailure when the request is given up; TagdistillError `E_ABORTED` when the run has stopped meanwhile.
   *   A bad key and the like stop the run, and so does a budget that is used up
   */
  async ask(request: ChatRequest, onPaidFailure: OnPaidFailure): Promise<ChatAnswer> {
    const { stop, tally, random, sleep } = this.shared;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.askOnce(request);
      if ('answer' in outcome) return outcome.answer;
      const { failure } = outcome;
      if (isFatal(failure.kind)) {
        stop.stop({ kind: 'endpoint', message: failure.message, failure: failure.kind, cause: failure });
      }
      const delayMs = retryDelayMs(failure, attempt, { random });
      if (delayMs === null || stop.signal.aborted) throw failure;
      const cost = this.costOfFailure(failure, request.messages);
      if (cost !== null) await onPaidFailure(failure, cost);
      tally.retried(failure.kind);
      await sleep(delayMs, stop.signal);
    }
  }

  /** What an answer cost: by the server's own count, else by an estimate. */
  costOf({ usage, rawText }: ChatAnswer, messages: readonly ChatMessage[]): Cost {
    if (usage !== null) return this.price(usage, 'measured');
    const tokensOut = estimateTextTokens(rawText);
    return this.price({ tokensIn: this.estimate(messages), tokensCached: 0, tokensOut }, 'estimated');
  }

  /** What a failure cost; a request that timed out was read by the server, so its input is taken as paid. */
  costOfFailure({ usage, kind }: CallFailure, messages: readonly ChatMessage[]): Cost | null {
    if (usage !== null) return this.price(usage, 'measured');
    if (kind !== 'timeout') return null;
    return this.price({ tokensIn: this.estimate(messages), tokensCached: 0, tokensOut: 0 }, 'estimated');
  }

  private async askOnce(request: ChatRequest): Promise<Outcome> {
    const { limiter, tokensOutP95 } = this.options;
    const tokensIn = this.estimate(request.messages);
    const mostIn = Math.ceil(TOKENS_P95_FACTOR * tokensIn);
    const mostOut = Math.max(tokensOutP95, this.longestOut);
    const expected = this.price({ tokensIn: mostIn, tokensCached: 0, tokensOut: mostOut }, 'estimated');
    const reservation = await this.shared.budget.reserve(expected.microusd ?? 0);
    let cost: Cost | null = null;
    try {
      const outcome = await limiter.run(tokensIn + tokensOutP95, () => this.send(request), {
        signal: this.shared.stop.signal,
      });
      cost = 'answer' in outcome ? outcome.cost : this.costOfFailure(outcome.failure, request.messages);
      return outcome;
    } finally {
      if (cost === null) reservation.release();
      else reservation.settle(cost.microusd ?? 0);
      if (cost !== null) this.count(cost);
    }
  }

  // The limiter hears of the outcome before it gives the place to the next call.
  private async send(request: ChatRequest): Promise<Outcome> {
    const { client, limiter } = this.options;
    this.shared.tally.nRequests++;
    try {
      const answer = await client.ask(request);
      limiter.observe(answer.limits);
      limiter.succeeded();
      return { answer, cost: this.costOf(answer, request.messages) };
    } catch (failure) {
      if (!(failure instanceof CallFailure)) throw failure;
      limiter.observe(failure.limits);
      if (failure.kind === 'rate_limit') limiter.rateLimited(failure.retryAfterMs);
      return { failure };
    }
  }

  private count(cost: Cost): void {
    this.shared.tally.paid(cost);
    this.longestOut = Math.max(this.longestOut, cost.usage.tokensOut);
  }

  private estimate(messages: readonly ChatMessage[]): number {
    const imageTokens = this.options.price?.imageTokens;
    return estimateTokens(messages, imageTokens === undefined ? {} : { imageTokens });
  }

  private price(usage: Usage, basis: Cost['basis']): Cost {
    const { price } = this.options;
    return { usage, microusd: price === null ? null : costMicrousd(usage, price), basis };
  }
}
