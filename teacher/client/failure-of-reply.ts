import { CallFailure, type FailureClass, type RejectedPart } from './failure.js';
import { asObject, asText, beginningOf, parseJson, type HttpReply } from './http-reply.js';
import type { Scrub } from './secrets.js';
import { readLimits, readRetryAfterMs } from './wait-headers.js';

/** What the messages of failures name, and the moment that waits count from. */
export interface ReplyContext {
  readonly url: string;
  readonly model: string;
  readonly scrub: Scrub;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface ServerError {
  readonly codes: readonly string[];
  readonly message: string;
}

const QUOTA_CODES = [
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'insufficient_balance',
  'insufficient_credits',
  'exceeded_current_quota_error',
];
const REFUSAL_CODES = ['content_filter', 'content_policy_violation', 'moderation_blocked'];
const NO_MODEL =
  /\bnot a valid model\b|\bmodel not exist|\bmodel\b.{0,120}\b(?:does not exist|not found|not available)/iu;
const FORMAT =
  /response_format|json_schema|json_object|\bjson mode\b|structured.?output|guided_json|grammar.{0,40}(?:error|invalid|unsupported)|(?:parse|compile|initiali[sz]e) grammar/iu;
const LOOKED_AT = 10_000;

/** Tell by status and body what kind of failure a response is. */
export function failureOfReply(reply: HttpReply, { url, model, scrub, now }: ReplyContext): CallFailure {
  const { status, headers, text } = reply;
  const error = readError(text);
  const rejects = rejectedPart(status, error.message);
  const kind = kindOf(status, error, rejects);
  const found = beginningOf(scrub(error.message));
  return new CallFailure(kind, describe(kind, { status, found, url, model, headers }), {
    status,
    rejects,
    retryAfterMs: readRetryAfterMs(headers, now),
    limits: readLimits(headers, now),
  });
}

function kindOf(status: number, { codes, message }: ServerError, rejects: RejectedPart | null): FailureClass {
  const has = (known: readonly string[]): boolean => codes.some((code) => known.includes(code));
  if (status === 402 || has(QUOTA_CODES)) return 'no_quota';
  if (status === 429) return 'rate_limit';
  if (status === 401) return 'bad_key';
  if (status >= 500 || [408, 409, 425, 498, 499].includes(status)) return 'server';
  if (rejects !== null) return 'bad_request';
  if (has(REFUSAL_CODES)) return 'refused';
  if (status === 403) return /moderation|flagged/iu.test(message) ? 'refused' : 'bad_key';
  if (status === 404 || has(['model_not_found']) || NO_MODEL.test(message)) return 'no_model';
  return 'bad_request';
}

/** What a refused request says it was refused for; a server of grammars may fail by it with 500. */
function rejectedPart(status: number, message: string): RejectedPart | null {
  if (status < 400 || status > 501 || [401, 402, 408, 429].includes(status)) return null;
  if (/logprob/iu.test(message)) return 'logprobs';
  return FORMAT.test(message) ? 'response_format' : null;
}

/** `{"error": {"message", "code", "type"}}`, `{"error": "..."}`, `{"message"}` or `{"detail"}`; else the text itself. */
function readError(text: string): ServerError {
  const body = asObject(parseJson(text));
  const error = asObject(body?.['error']) ?? body;
  const codes = [error?.['code'], error?.['type']].filter((code) => typeof code === 'string');
  const message =
    asText(error?.['message']) ??
    asText(body?.['error']) ??
    (body?.['detail'] === undefined ? null : JSON.stringify(body['detail']));
  return { codes, message: (message ?? text).slice(0, LOOKED_AT) };
}

function describe(
  kind: FailureClass,
  {
    status,
    found,
    url,
    model,
    headers,
  }: {
    readonly status: number;
    readonly found: string;
    readonly url: string;
    readonly model: string;
    readonly headers: HttpReply['headers'];
  },
): string {
  if (status >= 300 && status < 400) {
    const target = (headers.get('location') ?? 'nowhere').replace(/[?#].*$/su, '');
    return `${url} answered ${status}: moved to ${target}; the base URL has to name that`;
  }
  const said = `${url} answered ${status}: ${found}`;
  if (kind === 'no_model') return `${said} (model ${JSON.stringify(model)}; most base URLs end in /v1)`;
  return said;
}
