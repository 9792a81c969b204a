import { describe, expect, it } from 'vitest';
import { readLimits, readRetryAfterMs } from '../../../teacher/client/wait-headers.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const retryAfter = (value: string): number | null =>
  readRetryAfterMs(new Headers({ 'retry-after': value }), NOW);
const reset = (value: string): number | undefined =>
  readLimits(new Headers({ 'x-ratelimit-reset-tokens': value, 'x-ratelimit-limit-tokens': '9' }), NOW)
    ?.resetTokensMs;

describe('retry-after', () => {
  it.each([
    ['2', 2000],
    ['0.5', 500],
    ['20s', 20_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ])('of %s is %d ms', (value, ms) => expect(retryAfter(value)).toBe(ms));

  it.each(['', 'soon', '-5', 'NaN', '1e9', 'Infinity'])('of "%s" says nothing', (value) =>
    expect(retryAfter(value)).toBeNull(),
  );

  it('in milliseconds comes first', () => {
    const headers = new Headers({ 'retry-after': '9', 'retry-after-ms': '120' });
    expect(readRetryAfterMs(headers, NOW)).toBe(120);
  });
});

describe('x-ratelimit-reset', () => {
  it.each([
    ['1s', 1000],
    ['6m0s', 360_000],
    ['120ms', 120],
    ['1h2m3.5s', 3_723_500],
    ['2.5', 2500],
    [`${NOW / 1000 + 7}`, 7000],
    [`${NOW + 7}`, 7],
    ['2026-03-01T12:00:09Z', 9000],
  ])('of %s is %d ms', (value, ms) => expect(reset(value)).toBe(ms));

  it('that cannot be read is absent, and the rest stays', () => {
    const headers = new Headers({ 'x-ratelimit-reset-tokens': 'later', 'x-ratelimit-limit-tokens': '9' });
    expect(readLimits(headers, NOW)).toEqual({ limitTokens: 9 });
  });

  it('is null with its kin where there are no such headers', () => {
    expect(readLimits(new Headers({ 'content-type': 'text/plain' }), NOW)).toBeNull();
  });
});
