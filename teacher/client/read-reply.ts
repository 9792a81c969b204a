import type { ChatAnswer, TokenLogprob } from './chat-types.js';
import { failureOfReply, type ReplyContext } from './failure-of-reply.js';
import { CallFailure, type FailureClass } from './failure.js';
import { asObject, asText, beginningOf, parseJson, type HttpReply, type JsonObject } from './http-reply.js';
import { readUsage } from './usage.js';
import { readLimits } from './wait-headers.js';

// Servers round: what is above 0 by more is no logarithm of a probability.
const ROUNDING = 1e-3;

/**
 * Read the response to a chat call. Its content type does not matter, only what it holds.
 *
 * An answer cut short, or an empty one, is given as it came.
 *
 * @throws CallFailure by status; `server` for a body that is no chat completion; `refused` for a refusal or a content
 *   filter; `unparseable` for an answer that is a call of a tool
 */
export function readReply(reply: HttpReply, context: ReplyContext): ChatAnswer {
  const { status, headers, text } = reply;
  if (status < 200 || status > 299) throw failureOfReply(reply, context);
  const body = asObject(parseJson(text));
  const choices = body?.['choices'];
  const choice = Array.isArray(choices) ? asObject(choices[0]) : null;
  if (body === null || choice === null) throw noCompletion(reply, body, context);
  const usage = readUsage(body['usage']);
  const limits = readLimits(headers, context.now);
  const message = asObject(choice['message']);
  const rawText = textOf(message?.['content']);
  const finishReason = asText(choice['finish_reason']);
  const refusal = asText(message?.['refusal']);
  const fail = (kind: FailureClass, what: string): CallFailure =>
    new CallFailure(kind, `${context.url}: ${what}`, {
      status,
      usage,
      limits,
      rawText: context.scrub(rawText === '' ? (refusal ?? '') : rawText),
    });
  if (finishReason === 'error' || choice['error'] != null) {
    throw fail('server', `the answer broke off: ${said(JSON.stringify(choice['error'] ?? null), context)}`);
  }
  if (finishReason === 'content_filter') throw fail('refused', 'a content filter withheld the answer');
  if (rawText === '' && refusal !== null) {
    throw fail('refused', `the model refused: ${said(refusal, context)}`);
  }
  if (rawText === '' && message?.['tool_calls'] != null) {
    throw fail('unparseable', 'the answer is a call of a tool, not a text');
  }
  return {
    rawText,
    finishReason,
    modelReturned: asText(body['model']),
    usage,
    logprobs: readLogprobs(choice),
    limits,
    refusal,
  };
}

function noCompletion(reply: HttpReply, body: JsonObject | null, context: ReplyContext): CallFailure {
  const error = body?.['error'];
  // Some gateways send errors of the model's server with status 200.
  if (error !== undefined && error !== null) {
    const code = Number(asObject(error)?.['code']);
    const status = Number.isInteger(code) && code >= 400 && code <= 599 ? code : 500;
    return failureOfReply({ ...reply, status }, context);
  }
  const type = reply.headers.get('content-type') ?? 'no content type';
  const what = body === null ? `${type}, which is not JSON` : 'JSON without choices';
  return new CallFailure(
    'server',
    `${context.url} answered ${reply.status} with ${what}: ${said(reply.text, context)}`,
    {
      status: reply.status,
      limits: readLimits(reply.headers, context.now),
      usage: readUsage(body?.['usage']),
    },
  );
}

function said(text: string, { scrub }: ReplyContext): string {
  return beginningOf(scrub(text));
}

/** The text of a message, also where it comes in parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => asText(asObject(part)?.['text']) ?? '').join('');
}

/** One log-probability a token; null unless all of them can be used, as sums over some would be wrong. */
function readLogprobs(choice: JsonObject): readonly TokenLogprob[] | null {
  const content = asObject(choice['logprobs'])?.['content'];
  if (!Array.isArray(content) || content.length === 0) return null;
  const tokens: TokenLogprob[] = [];
  for (const entry of content) {
    const { token, logprob, bytes } = asObject(entry) ?? {};
    if (typeof token !== 'string' || typeof logprob !== 'number' || !(logprob <= ROUNDING)) return null;
    tokens.push({ token, logprob: Math.min(0, logprob), ...(areBytes(bytes) && { bytes }) });
  }
  return tokens;
}

function areBytes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
}
