import type { CallRow } from '../../src/dataset/rows.js';
import type { ChatAnswer, ChatClient } from '../client/chat-client.js';
import { CallFailure } from '../client/failure.js';
import type { LadderAnswer, OutputLadder, PaidAnswer } from '../client/output-ladder.js';
import type { ModelEndpoint } from '../questions/question.js';
import type { AnsweredCall } from '../questions/call.js';
import { answerRow, failureRow, supersededRow, type Asking, type Cost } from './call-rows.js';
import type { RunTally } from './run-tally.js';
import type { TeacherRequests } from './teacher-requests.js';

export interface QuestionAskingParts {
  readonly requests: TeacherRequests;
  readonly ladder: OutputLadder;
  readonly tally: RunTally;
  readonly logprobs: boolean;
  /** ISO 8601. */
  readonly time: () => string;
  /** Brings a row to the journal. */
  readonly write: (row: CallRow) => WrittenRow;
}

/** A row on its way to the journal, by what has it: the file, then the disk. */
export interface WrittenRow {
  readonly written: Promise<void>;
  readonly durable: Promise<void>;
}

/** An answer that stands and is written; `durable` resolves when all that was paid for it is on the disk. */
export interface WrittenAnswer extends AnsweredCall {
  readonly durable: Promise<unknown>;
}

const LENGTH_PARAMS = ['max_tokens', 'max_completion_tokens'] as const;

/** Asks one question until it has an answer that stands or is given up, and writes a row for all that was paid. */
export class QuestionAsking {
  private attempt: number;
  /** Answers of an earlier run that are still to be gone through. */
  private readonly past: ChatAnswer[];
  private readonly known: ReadonlySet<ChatAnswer>;
  private readonly writing: Promise<void>[] = [];
  private readonly syncing: Promise<void>[] = [];

  constructor(
    private asking: Asking,
    private readonly parts: QuestionAskingParts,
    past: readonly ChatAnswer[] = [],
  ) {
    this.past = [...past];
    this.known = new Set(past);
    this.attempt = 1 + past.length;
  }

  /**
   * @returns the answer with its row, which is written
   * @throws CallFailure when the question is given up, its row written; what `write` throws
   */
  async run(): Promise<WrittenAnswer> {
    try {
      const answered = await this.untilItStands();
      await this.put(answered.call);
      return { ...answered, durable: Promise.all(this.syncing) };
    } catch (error) {
      if (error instanceof CallFailure) await this.putFailure(error, this.costOfFailure(error));
      throw error;
    } finally {
      await Promise.allSettled(this.writing);
    }
  }

  private async untilItStands(): Promise<AnsweredCall> {
    const first = await this.climb().catch((error: unknown) => {
      if (error instanceof CallFailure && error.kind === 'truncated') return error;
      throw error;
    });
    const isCut = first instanceof CallFailure || first.answer.finishReason === 'length';
    const longer = isCut ? withRoom(this.asking.endpoint) : null;
    if (longer === null) {
      if (first instanceof CallFailure) throw first;
      return this.row(first, this.costOf(first));
    }
    if (first instanceof CallFailure) await this.putFailure(first, this.costOfFailure(first));
    else await this.putSuperseded(first);
    this.parts.tally.retried('truncated');
    const short = this.asking;
    this.asking = { ...short, endpoint: longer };
    const second = await this.climb().catch((error: unknown) => {
      if (error instanceof CallFailure && !(first instanceof CallFailure)) return error;
      throw error;
    });
    if (!(second instanceof CallFailure)) return this.row(second, this.costOf(second));
    if (first instanceof CallFailure) throw second;
    // The whole tags of the first answer stand; its cost is counted in its own row.
    await this.putFailure(second, this.costOfFailure(second));
    this.asking = short;
    return this.row(first, null);
  }

  private climb(): Promise<LadderAnswer> {
    const { ladder, logprobs, requests } = this.parts;
    const { question, endpoint } = this.asking;
    const client: Pick<ChatClient, 'ask'> = {
      ask: async (request) => {
        // What was paid is on the disk before more is paid for the same question.
        await Promise.allSettled(this.writing);
        // What an earlier run was answered is not paid again: asking goes on from there.
        return this.past.shift() ?? requests.ask(request, (failure, cost) => this.putFailure(failure, cost));
      },
    };
    const onPaid = (paid: PaidAnswer): void => {
      this.putSuperseded(paid).catch(() => undefined);
    };
    return ladder.ask(client, question, endpoint, { logprobs, onPaid });
  }

  private row(answer: LadderAnswer, cost: Cost | null): AnsweredCall {
    return { call: answerRow(this.asking, answer, this.attempt++, cost), parsed: answer.parsed };
  }

  private async putSuperseded(paid: PaidAnswer): Promise<void> {
    if (this.known.has(paid.answer)) return;
    await this.put(supersededRow(this.asking, paid, this.attempt++, this.costOf(paid)));
  }

  private putFailure(failure: CallFailure, cost: Cost | null): Promise<void> {
    const finishedAt = this.parts.time();
    return this.put(failureRow(this.asking, failure, this.attempt++, { cost, finishedAt }));
  }

  private put(row: CallRow): Promise<void> {
    const { written, durable } = this.parts.write(row);
    // The run has stopped then, and says why.
    written.catch(() => undefined);
    durable.catch(() => undefined);
    this.writing.push(written);
    this.syncing.push(durable);
    return written;
  }

  private costOf({ answer }: PaidAnswer): Cost | null {
    return this.known.has(answer) ? null : this.parts.requests.costOf(answer, this.asking.question.messages);
  }

  private costOfFailure(failure: CallFailure): Cost | null {
    return this.parts.requests.costOfFailure(failure, this.asking.question.messages);
  }
}

/** The same endpoint with twice the room for an answer; null where no limit was asked for. */
export function withRoom(endpoint: ModelEndpoint): ModelEndpoint | null {
  const { params } = endpoint;
  const name = LENGTH_PARAMS.find((limit) => typeof params[limit] === 'number');
  if (name === undefined) return null;
  return { ...endpoint, params: { ...params, [name]: 2 * (params[name] as number) } };
}
