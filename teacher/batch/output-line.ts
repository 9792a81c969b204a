import type { ChatAnswer } from '../client/chat-client.js';
import { CallFailure } from '../client/failure.js';
import { failureOfReply, type ReplyContext } from '../client/failure-of-reply.js';
import { asObject, asText, parseJson } from '../client/http-reply.js';
import { readReply } from '../client/read-reply.js';

/** What a line of an output or error file says of its request. */
export type OutputLine =
  | { readonly state: 'answer'; readonly key: string; readonly answer: ChatAnswer }
  | { readonly state: 'failure'; readonly key: string; readonly failure: CallFailure }
  /** The server did not come to it, e.g. as the batch expired: nothing was paid. */
  | { readonly state: 'not_asked'; readonly key: string }
  | { readonly state: 'garbage' };

const NOT_ASKED = ['batch_expired', 'batch_cancelled'];
const NO_HEADERS = { get: () => null };

/** Read a line of an output or error file. Never throws. @param line null for one that was too long to read */
export function readOutputLine(line: string | null, context: ReplyContext): OutputLine {
  const entry = line === null ? null : asObject(parseJson(line));
  const key = asText(entry?.['custom_id']);
  if (entry === null || key === null) return { state: 'garbage' };
  const error = asObject(entry['error']);
  const response = asObject(entry['response']);
  const status = response?.['status_code'];
  if (NOT_ASKED.includes(asText(error?.['code']) ?? '')) return { state: 'not_asked', key };
  if (response === null || typeof status !== 'number') {
    if (error === null) return { state: 'garbage' };
    const reply = { status: 500, headers: NO_HEADERS, text: JSON.stringify({ error }) };
    return { state: 'failure', key, failure: failureOfReply(reply, context) };
  }
  const body = response['body'];
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? null);
  try {
    return { state: 'answer', key, answer: readReply({ status, headers: NO_HEADERS, text }, context) };
  } catch (failure) {
    if (!(failure instanceof CallFailure)) throw failure;
    return { state: 'failure', key, failure };
  }
}
