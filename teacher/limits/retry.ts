import type { FailureClass } from '../client/failure.js';

/** How often a request is made in all, and how long is waited in between. */
export interface RetryPolicy {
  /** After a server error or a lost connection. */
  readonly maxAttempts: number;
  /** Fewer: a request that timed out may have been paid. */
  readonly maxTimeoutAttempts: number;
  /** Many: the limiter waits before each, up to a minute. */
  readonly maxRateLimitAttempts: number;
  readonly baseMs: number;
  readonly capMs: number;
}

export interface RetryOptions {
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly policy?: Partial<RetryPolicy>;
}

const USUAL: RetryPolicy = {
  maxAttempts: 5,
  maxTimeoutAttempts: 3,
  maxRateLimitAttempts: 30,
  baseMs: 1000,
  capMs: 30_000,
};

// Longer waits are no wait: timers overflow at 25 days, and a user would rather hear of it.
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Tell how long to wait before the same request is made again; null: give it up.
 *
 * - `rate_limit`: at once, as the limiter holds all calls back itself.
 * - `server`, `connection`, `timeout`: a random time up to `baseMs`, doubled with each attempt up to `capMs`, and never
 *   less than the server's own `retry-after`, of which an hour counts.
 * - all others: never. What was cut off or could not be read needs another request, which the ladder and the run
 *   make; the rest would fail alike.
 *
 * @param attempt how many times the request was made, from 1
 * @see "full jitter" in Exponential Backoff And Jitter, AWS Architecture Blog 2015
 */
export function retryDelayMs(
  { kind, retryAfterMs }: { readonly kind: FailureClass; readonly retryAfterMs: number | null },
  attempt: number,
  { random, policy }: RetryOptions,
): number | null {
  const { baseMs, capMs, ...rest } = { ...USUAL, ...policy };
  if (attempt >= attemptsOf(kind, rest)) return null;
  if (kind === 'rate_limit') return 0;
  const delayMs = random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.max(delayMs, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/** Whether a failure would meet every call alike, so that the run stops at once. */
export function isFatal(kind: FailureClass): boolean {
  return kind === 'bad_key' || kind === 'no_quota' || kind === 'no_model';
}

function attemptsOf(
  kind: FailureClass,
  policy: Pick<RetryPolicy, 'maxAttempts' | 'maxTimeoutAttempts' | 'maxRateLimitAttempts'>,
): number {
  switch (kind) {
    case 'rate_limit':
      return policy.maxRateLimitAttempts;
    case 'timeout':
      return policy.maxTimeoutAttempts;
    case 'server':
    case 'connection':
      return policy.maxAttempts;
    case 'truncated':
    case 'unparseable':
    case 'refused':
    case 'bad_request':
    case 'bad_key':
    case 'no_quota':
    case 'no_model':
      return 1;
  }
}
