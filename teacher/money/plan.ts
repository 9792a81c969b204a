import type { Task } from '../../src/dataset/rows.js';
import type { ModelEndpoint, Question } from '../questions/question.js';
import { countMessages, IMAGE_TOKENS, TOKENS_P95_FACTOR } from './estimate-tokens.js';
import { ASSUMED_OUT_TOKENS, type OutTokens } from './out-tokens.js';
import { costMicrousd, type Price } from './prices.js';

/** A figure of a whole run: what is to be expected, and what it stays below even if all calls are long ones. */
export interface Range {
  readonly p50: number;
  readonly p95: number;
}

/** What a run would ask and pay, before any of it is asked. */
export interface Plan {
  readonly nQuestions: number;
  /** Answered by the journal: they are asked and paid no more. */
  readonly nCached: number;
  readonly nCalls: number;
  readonly tokensIn: Range;
  readonly tokensOut: Range;
  /** Null without a price. */
  readonly costMicrousd: Range | null;
  /** What the figures were made from: which are measured, which estimated or assumed. */
  readonly basis: string;
}

export interface PlanOptions {
  readonly endpoint: ModelEndpoint;
  readonly price: Price | null;
  /** Of the journal's own answers; a task that is left out counts as assumed. */
  readonly outTokens?: Readonly<Partial<Record<Task, OutTokens>>>;
  readonly isBatch?: boolean;
}

interface TaskTally {
  nCalls: number;
  textTokens: number;
  nImages: number;
}

const TASKS: readonly Task[] = ['item2tag', 'i2u', 'u2i'];

/** Adds up the questions of a run, one at a time, and says what they would cost. */
export class PlanTally {
  private nQuestions = 0;
  private nCached = 0;
  private readonly tallies: Readonly<Record<Task, TaskTally>> = {
    item2tag: { nCalls: 0, textTokens: 0, nImages: 0 },
    i2u: { nCalls: 0, textTokens: 0, nImages: 0 },
    u2i: { nCalls: 0, textTokens: 0, nImages: 0 },
  };

  /** @param isCached whether the journal, or an equal question before it, has the answer */
  add({ task, messages }: Question, isCached: boolean): void {
    this.nQuestions++;
    if (isCached) {
      this.nCached++;
      return;
    }
    const { textTokens, nImages } = countMessages(messages);
    const tally = this.tallies[task];
    tally.nCalls++;
    tally.textTokens += textTokens;
    tally.nImages += nImages;
  }

  /**
   * Give the plan: one request a question, no input cached by the server.
   *
   * At p50 each answer has the mean length, at p95 the length that 95 of 100 do not pass, both up to `max_tokens`; the
   * input at p95 is the estimate and its error. So p95 is where a run of long answers ends, not one in 20 runs.
   */
  plan({ endpoint, price, outTokens = {}, isBatch = false }: PlanOptions): Plan {
    const tasks = TASKS.filter((task) => this.tallies[task].nCalls > 0);
    const longest = maxTokens(endpoint);
    const tokensIn = { p50: 0, p95: 0 };
    const tokensOut = { p50: 0, p95: 0 };
    for (const task of tasks) {
      const { nCalls, textTokens, nImages } = this.tallies[task];
      const { mean, p95 } = outTokens[task] ?? ASSUMED_OUT_TOKENS[task];
      const estimate = textTokens + nImages * (price?.imageTokens ?? IMAGE_TOKENS);
      tokensIn.p50 += estimate;
      tokensIn.p95 += Math.ceil(estimate * TOKENS_P95_FACTOR);
      tokensOut.p50 += Math.round(nCalls * Math.min(mean, longest));
      tokensOut.p95 += nCalls * Math.min(p95, longest);
    }
    return {
      nQuestions: this.nQuestions,
      nCached: this.nCached,
      nCalls: this.nQuestions - this.nCached,
      tokensIn,
      tokensOut,
      costMicrousd: price === null ? null : costs(tokensIn, tokensOut, { price, isBatch }),
      basis: basisOf(tasks, { outTokens, price }),
    };
  }
}

function costs(
  tokensIn: Range,
  tokensOut: Range,
  { price, isBatch }: { readonly price: Price; readonly isBatch: boolean },
): Range {
  const at = (share: keyof Range): number => {
    const usage = { tokensIn: tokensIn[share], tokensCached: 0, tokensOut: tokensOut[share] };
    return costMicrousd(usage, price, { isBatch });
  };
  return { p50: at('p50'), p95: at('p95') };
}

function maxTokens({ params }: ModelEndpoint): number {
  const given = params['max_completion_tokens'] ?? params['max_tokens'];
  return typeof given === 'number' ? given : Infinity;
}

function basisOf(
  tasks: readonly Task[],
  { outTokens = {}, price }: Pick<PlanOptions, 'outTokens' | 'price'>,
): string {
  const answers = tasks.map((task) => {
    const { nAnswers, basis } = outTokens[task] ?? ASSUMED_OUT_TOKENS[task];
    if (basis === 'measured') return `answers of ${task} measured on ${nAnswers} in the journal`;
    return `answers of ${task} assumed as long as ${nAnswers} recorded ones`;
  });
  const priced =
    price === null ? 'no price' : `price as of ${price.asOf ?? 'a day that the file does not say'}`;
  return ['input estimated by script', ...answers, priced].join('; ');
}
