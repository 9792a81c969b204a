import { parseAnswer, type ParsedAnswer } from '../answers/parse-answer.js';
import type { ChatMessage, ModelEndpoint, Question } from '../questions/question.js';
import type { ChatClient } from './chat-client.js';
import type { ChatAnswer } from './chat-types.js';
import { CallFailure } from './failure.js';
import { beginningOf } from './http-reply.js';
import { mayBeJson, requestAt, RUNGS, type Rung } from './rungs.js';
import { tagLogprobs } from './tag-logprobs.js';

export type { Rung } from './rungs.js';

export interface PaidAnswer {
  readonly answer: ChatAnswer;
  readonly rung: Rung;
  readonly parsed: ParsedAnswer;
  /** ISO 8601; from when the request was ready, so waits for its turn are inside. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

export interface LadderAnswer extends PaidAnswer {
  /** Tags as given, with their log-probability; null where the server gave none. */
  readonly tagLogprobs: readonly (readonly [string, number])[] | null;
}

export interface LadderAskOptions {
  readonly logprobs?: boolean;
  /** Told of every answer that was paid and is asked for again. */
  readonly onPaid?: (paid: PaidAnswer) => void;
}

const CORRECTION =
  'That answer could not be read. Answer again, exactly in the form that was asked for, with nothing before or after it.';
const SHOWN_AGAIN = 4000;

/**
 * Asks for answers in the strictest form that the endpoint takes, and remembers which one that is.
 *
 * A request that is refused for its `response_format`, or for asking for log-probabilities, is made again without, and
 * so are all later ones. Limits and retries are the client's.
 */
export class OutputLadder {
  private readonly now: () => number;
  private place: number;
  private takesLogprobs = true;

  constructor({
    start = 'json_schema_strict',
    now = Date.now,
  }: { readonly start?: Rung; readonly now?: () => number } = {}) {
    this.place = RUNGS.indexOf(start);
    this.now = now;
  }

  /** How the form is asked for now, of prompts that JSON suits. */
  get rung(): Rung {
    return RUNGS[this.place]!;
  }

  /**
   * Ask a question; an answer that cannot be read is asked for once more, and the second stands as it is.
   *
   * An answer cut short is given with its whole tags.
   *
   * @throws CallFailure what `client.ask` throws; `truncated` for an answer cut short before its first whole tag
   */
  async ask(
    client: Pick<ChatClient, 'ask'>,
    question: Question,
    endpoint: ModelEndpoint,
    { logprobs = false, onPaid }: LadderAskOptions = {},
  ): Promise<LadderAnswer> {
    const say = (messages: readonly ChatMessage[]): Promise<PaidAnswer> =>
      this.climb(client, { question, endpoint, messages, logprobs });
    let paid = await say(question.messages);
    if (paid.parsed.state === 'unparseable') {
      onPaid?.(paid);
      paid = await say(correct(question.messages, paid.answer.rawText));
    }
    return { ...paid, tagLogprobs: logprobs ? logprobsOf(paid) : null };
  }

  private async climb(
    client: Pick<ChatClient, 'ask'>,
    asking: {
      readonly question: Question;
      readonly endpoint: ModelEndpoint;
      readonly messages: readonly ChatMessage[];
      readonly logprobs: boolean;
    },
  ): Promise<PaidAnswer> {
    const { question } = asking;
    for (;;) {
      const rung = mayBeJson(question) ? this.rung : 'text';
      const logprobs = asking.logprobs && this.takesLogprobs;
      const startedAt = this.time();
      try {
        const answer = await client.ask(requestAt(rung, { ...asking, logprobs }));
        const isCut = answer.finishReason === 'length';
        const parsed = parseAnswer(question.task, answer.rawText, { isCut });
        const paid = { answer, rung, parsed, startedAt, finishedAt: this.time() };
        if (parsed.state === 'unparseable' && isCut) throw truncated(paid);
        return paid;
      } catch (failure) {
        if (!(failure instanceof CallFailure) || !this.givesWay(failure, { rung, logprobs })) throw failure;
      }
    }
  }

  /** @returns whether to ask again, now without what the server does not take */
  private givesWay(
    { rejects }: CallFailure,
    { rung, logprobs }: { readonly rung: Rung; readonly logprobs: boolean },
  ): boolean {
    if (rejects === 'logprobs' && logprobs) {
      this.takesLogprobs = false;
      return true;
    }
    if (rejects !== 'response_format' || rung === 'text') return false;
    // Of calls refused alike at the same time, only the first steps down.
    if (rung === this.rung) this.place++;
    return true;
  }

  private time(): string {
    return new Date(this.now()).toISOString();
  }
}

/** The same messages with the bad answer and what is wrong with it; an empty answer is merely asked for again. */
export function correct(messages: readonly ChatMessage[], badAnswer: string): readonly ChatMessage[] {
  if (badAnswer.trim() === '') return messages;
  const content = badAnswer.slice(0, SHOWN_AGAIN).toWellFormed();
  return [...messages, { role: 'assistant', content }, { role: 'user', content: CORRECTION }];
}

function truncated({ answer }: PaidAnswer): CallFailure {
  const { rawText, usage, limits } = answer;
  return new CallFailure(
    'truncated',
    `the answer was cut short before its first whole tag: ${beginningOf(rawText)}`,
    { status: 200, rawText, usage, limits },
  );
}

/** The log-probabilities of an answer's tags, where the server gave those of its tokens. */
export function logprobsOf({
  answer,
  parsed,
}: Pick<PaidAnswer, 'answer' | 'parsed'>): LadderAnswer['tagLogprobs'] {
  if (answer.logprobs === null || parsed.state !== 'ok') return null;
  const tags = Object.values(parsed.tags).flatMap((list) => list.map(({ raw }) => raw));
  return tagLogprobs(answer.rawText, answer.logprobs, tags);
}
