import { parseAnswer } from '../answers/parse-answer.js';
import { bodyOf, type ChatAnswer, type ChatRequest } from '../client/chat-client.js';
import { correct, type Rung } from '../client/output-ladder.js';
import { mayBeJson, requestAt } from '../client/rungs.js';
import type { ChatMessage, ModelEndpoint, Question } from '../questions/question.js';
import { withRoom } from '../run/question-asking.js';
import { seededEndpoint } from '../run/seeded-endpoint.js';

export const BATCH_URL = '/v1/chat/completions';

/** What earlier attempts at a question came to. */
export interface QuestionPast {
  /** Rows written so far. */
  readonly nAttempts: number;
  /** Answers that were paid and could not stand, in their order. */
  readonly answers: readonly ChatAnswer[];
  /** Whether the last attempt was cut short. */
  readonly isCut: boolean;
}

export interface RequestForm {
  readonly endpoint: ModelEndpoint;
  readonly rung: Rung;
  readonly logprobs: boolean;
}

/** A request as it stands in the file of a batch. */
export interface BatchRequest {
  readonly request: ChatRequest;
  readonly rung: Rung;
  readonly line: string;
}

/**
 * Make the request for a question, with the body that would be sent online.
 *
 * After an answer that could not be read, it shows that answer and what is wrong with it; after one that was cut short,
 * it gives twice the room, where there was a limit.
 */
export function batchRequest(
  question: Question,
  key: string,
  { endpoint: plain, rung: form, logprobs, past }: RequestForm & { readonly past: QuestionPast | undefined },
): BatchRequest {
  const seeded = seededEndpoint(plain, question.sample);
  const endpoint = past?.isCut === true ? (withRoom(seeded) ?? seeded) : seeded;
  const rung = mayBeJson(question) ? form : 'text';
  const request = requestAt(rung, { question, endpoint, messages: messagesFor(question, past), logprobs });
  const line = JSON.stringify({ custom_id: key, method: 'POST', url: BATCH_URL, body: bodyOf(request) });
  return { request, rung, line: `${line.toWellFormed()}\n` };
}

function messagesFor({ task, messages }: Question, past: QuestionPast | undefined): readonly ChatMessage[] {
  const unreadable = past?.answers.findLast(
    ({ rawText, finishReason }) =>
      parseAnswer(task, rawText, { isCut: finishReason === 'length' }).state === 'unparseable',
  );
  return unreadable === undefined ? messages : correct(messages, unreadable.rawText);
}
