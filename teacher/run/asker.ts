import { messageOf, TagdistillError } from '../../src/core/errors.js';
import type { CallRow } from '../../src/dataset/rows.js';
import { answerOf, type Answer } from '../answers/collect.js';
import { CallFailure } from '../client/failure.js';
import type { OutputLadder } from '../client/output-ladder.js';
import type { Journal } from '../journal/journal.js';
import type { Limiter } from '../limits/limiter.js';
import { questionKey, type ModelEndpoint, type Question } from '../questions/question.js';
import type { Asking } from './call-rows.js';
import { QuestionAsking, type WrittenRow } from './question-asking.js';
import type { RunStop } from './run-stop.js';
import type { RunTally } from './run-tally.js';
import { seededEndpoint } from './seeded-endpoint.js';
import type { TeacherRequests } from './teacher-requests.js';
import type { JournalPast } from './unfinished-answers.js';

/** What came of a question; an answer that cannot be used is null; `stopped`: the run had stopped before it was answered. */
export type Outcome =
  | { readonly state: 'answered'; readonly key: string; readonly answer: Answer | null }
  | { readonly state: 'failed'; readonly key: string }
  | { readonly state: 'stopped'; readonly key: string };

export interface AskerParts {
  readonly endpoint: ModelEndpoint;
  readonly requests: TeacherRequests;
  readonly ladder: OutputLadder;
  readonly journal: Journal;
  readonly stop: RunStop;
  readonly tally: RunTally;
  readonly runId: string;
  readonly logprobs: boolean;
  /** Answers by key from which an earlier run did not come to one that stands. */
  readonly unfinished: JournalPast['unfinished'];
  /** Holds a place from a question's first request until all that was paid for it is written. */
  readonly unwritten: Limiter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const FAILURES_IN_A_ROW = 50;

/**
 * Answers questions by one endpoint: from the journal where it has the answer, else by asking, once for equal
 * questions at the same moment. Every answer is in the journal before anyone else sees it.
 */
export class Asker {
  private readonly underWay = new Map<string, Promise<Outcome>>();
  private nFailuresInARow = 0;

  constructor(private readonly parts: AskerParts) {}

  /** @throws TagdistillError what reading the journal throws; `E_FILE_WRITE` where it cannot be written */
  async ask(question: Question): Promise<Outcome> {
    const key = questionKey(question, this.parts.endpoint);
    const sharing = this.underWay.get(key);
    if (sharing !== undefined) {
      this.parts.tally.nReused++;
      return sharing;
    }
    const outcome = this.answer(key, question).finally(() => this.underWay.delete(key));
    this.underWay.set(key, outcome);
    return outcome;
  }

  private async answer(key: string, question: Question): Promise<Outcome> {
    const { journal, stop, tally, endpoint, runId } = this.parts;
    const known = journal.has(key) ? await journal.find(key) : null;
    if (known !== null) {
      tally.nReused++;
      return { state: 'answered', key, answer: answerOf(known) };
    }
    if (stop.isStopped()) return { state: 'stopped', key };
    try {
      const seeded = seededEndpoint(endpoint, question.sample);
      const answer = await this.askAnew({ key, question, endpoint: seeded, mode: 'online', runId });
      return { state: 'answered', key, answer };
    } catch (error) {
      if (stop.isStopped()) return { state: 'stopped', key };
      if (!(error instanceof CallFailure)) throw error;
      this.fail(question, error);
      return { state: 'failed', key };
    }
  }

  private async askAnew(asking: Asking): Promise<Answer | null> {
    const { requests, ladder, tally, logprobs, unfinished, unwritten, stop, now } = this.parts;
    const parts = {
      requests,
      ladder,
      tally,
      logprobs,
      time: () => new Date(now()).toISOString(),
      write: (row: CallRow) => this.write(row),
    };
    const question = new QuestionAsking(asking, parts, unfinished.get(asking.key));
    const answered = await unwritten.run(0, () => question.run(), { signal: stop.signal });
    const { call, parsed } = answered;
    await answered.durable;
    this.nFailuresInARow = 0;
    tally.nAnswered++;
    if (call.status === 'unparseable') tally.nUnparseable++;
    if (call.finish_reason === 'length') tally.nTruncated++;
    return parsed.state === 'ok' ? { callKey: call.key, sample: call.sample, tags: parsed.tags } : null;
  }

  private fail({ task, sourceId, sample }: Question, failure: CallFailure): void {
    const { tally, stop, endpoint } = this.parts;
    const { kind, message } = failure;
    tally.failed({ task, sourceId, sample, model: endpoint.model, kind, message });
    if (++this.nFailuresInARow !== FAILURES_IN_A_ROW) return;
    stop.stop({
      kind: 'endpoint',
      message: `${FAILURES_IN_A_ROW} questions failed one after the other, the last with: ${message}`,
      failure: kind,
      cause: failure,
    });
  }

  // A journal that cannot be written to would lose what is paid: asking stops at once.
  private write(row: CallRow): WrittenRow {
    const refuse = (cause: unknown): never => this.refuseWrite(cause);
    try {
      const { written, durable } = this.parts.journal.put(row);
      return { written: written.catch(refuse), durable: durable.catch(refuse) };
    } catch (cause) {
      const refused = Promise.resolve(cause).then(refuse);
      return { written: refused, durable: refused };
    }
  }

  private refuseWrite(cause: unknown): never {
    // One answer of an absurd size is no reason to stop.
    if (cause instanceof TagdistillError && cause.code === 'E_BAD_INPUT') {
      throw new CallFailure('unparseable', cause.message, { cause });
    }
    this.parts.stop.stop({ kind: 'journal', message: messageOf(cause), cause });
    if (cause instanceof TagdistillError) throw cause;
    throw new TagdistillError('E_FILE_WRITE', `cannot write: ${messageOf(cause)}`, {
      hint: 'Free some space and run the same command again; what was answered is kept.',
      cause,
    });
  }
}
