import type { LimitHeaders, Usage } from './chat-types.js';

/** What kind of failure a call met: it decides whether the call is made again, and whether the run goes on. */
export type FailureClass =
  | 'rate_limit'
  | 'server'
  | 'timeout'
  | 'connection'
  | 'truncated'
  | 'unparseable'
  | 'refused'
  | 'bad_request'
  | 'bad_key'
  | 'no_quota'
  | 'no_model';

/** A part of the request that the server says it does not take. */
export type RejectedPart = 'response_format' | 'logprobs';

export interface CallFailureOptions {
  readonly status?: number | null;
  readonly retryAfterMs?: number | null;
  readonly limits?: LimitHeaders | null;
  readonly usage?: Usage | null;
  readonly rawText?: string | null;
  readonly rejects?: RejectedPart | null;
  readonly cause?: unknown;
}

/**
 * A call to a model that gave no answer: what was found, and what it cost.
 *
 * Neither the message nor anything inside it shows the API key.
 */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  /** HTTP status; null where no response came. */
  readonly status: number | null;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | null;
  readonly limits: LimitHeaders | null;
  /** Tokens that were paid though the call failed. */
  readonly usage: Usage | null;
  /** The model's text, where there was some. */
  readonly rawText: string | null;
  readonly rejects: RejectedPart | null;

  constructor(
    readonly kind: FailureClass,
    message: string,
    {
      status = null,
      retryAfterMs = null,
      limits = null,
      usage = null,
      rawText = null,
      rejects = null,
      cause,
    }: CallFailureOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.limits = limits;
    this.usage = usage;
    this.rawText = rawText;
    this.rejects = rejects;
  }
}
