import type { LimitHeaders } from './chat-types.js';
import type { HttpReply } from './http-reply.js';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/u;
// Larger numbers of seconds are moments since 1970: some servers say when, not how long.
const EARLIEST_MOMENT_S = 1e9;

/**
 * Read how long the server asks to wait: `retry-after-ms`, or `retry-after` as seconds or as an HTTP date.
 *
 * @param now milliseconds since 1970
 * @returns milliseconds, 0 for a date gone by; null where it says nothing that can be read
 */
export function readRetryAfterMs(headers: HttpReply['headers'], now: number): number | null {
  const ms = number(headers.get('retry-after-ms'));
  if (ms !== null) return ms;
  const given = headers.get('retry-after')?.trim() ?? '';
  return waitMs(given, now);
}

/** Read the `x-ratelimit-*` headers; null where there is none of them. */
export function readLimits(headers: HttpReply['headers'], now: number): LimitHeaders | null {
  const limits: Partial<Record<keyof LimitHeaders, number>> = {};
  const put = (key: keyof LimitHeaders, value: number | null): void => {
    if (value !== null) limits[key] = value;
  };
  put('limitRequests', number(headers.get('x-ratelimit-limit-requests')));
  put('remainingRequests', number(headers.get('x-ratelimit-remaining-requests')));
  put('resetRequestsMs', waitMs(headers.get('x-ratelimit-reset-requests') ?? '', now));
  put('limitTokens', number(headers.get('x-ratelimit-limit-tokens')));
  put('remainingTokens', number(headers.get('x-ratelimit-remaining-tokens')));
  put('resetTokensMs', waitMs(headers.get('x-ratelimit-reset-tokens') ?? '', now));
  return Object.keys(limits).length === 0 ? null : limits;
}

/** "1s", "6m0s", "120ms", seconds, a moment since 1970 in seconds or milliseconds, or a date. */
function waitMs(given: string, now: number): number | null {
  const text = given.trim();
  if (text === '') return null;
  if (DURATION.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/gu)];
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit!]!, 0);
  }
  const amount = number(text);
  if (amount !== null) {
    if (amount < EARLIEST_MOMENT_S) return amount * 1000;
    return Math.max(0, (amount < 1000 * EARLIEST_MOMENT_S ? amount * 1000 : amount) - now);
  }
  // Date.parse takes "-5" for a date, too.
  const moment = /[a-z]{3}|\d{4}-\d{2}-\d{2}T/iu.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? null : Math.max(0, moment - now);
}

function number(text: string | null): number | null {
  return text !== null && /^\d{1,15}(?:\.\d+)?$/u.test(text.trim()) ? Number(text) : null;
}
