import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../teacher/client/failure.js';
import { isFatal, retryDelayMs } from '../../../teacher/limits/retry.js';

const almostOne = (): number => 1 - Number.EPSILON;

function delays(kind: FailureClass, retryAfterMs: number | null = null, random = almostOne): number[] {
  const all: number[] = [];
  for (let attempt = 1; ; attempt++) {
    const delay = retryDelayMs({ kind, retryAfterMs }, attempt, { random });
    if (delay === null) return all;
    all.push(Math.round(delay));
  }
}

describe('retryDelayMs', () => {
  it.each(['server', 'connection'] as const)('makes a request 5 times in all after %s failures', (kind) => {
    expect(delays(kind)).toEqual([1000, 2000, 4000, 8000]);
  });

  it('makes a request that timed out 3 times, as each may have been paid', () => {
    expect(delays('timeout')).toEqual([1000, 2000]);
  });

  it('leaves the waiting after a 429 to the limiter, and goes on for long', () => {
    expect(delays('rate_limit', 5000)).toEqual(Array(29).fill(0));
  });

  it('spreads waits from nothing to the whole, so that calls do not come back at once', () => {
    expect(delays('server', null, () => 0)).toEqual([0, 0, 0, 0]);
    expect(delays('server', null, () => 0.5)).toEqual([500, 1000, 2000, 4000]);
  });

  it('waits as long as the server asks, an hour at most', () => {
    expect(delays('server', 6000)).toEqual([6000, 6000, 6000, 8000]);
    expect(delays('timeout', 1e15)).toEqual([3_600_000, 3_600_000]);
  });

  it('never waits longer than the policy says by itself', () => {
    const policy = { maxAttempts: 2000, capMs: 3000 };
    const wait = (attempt: number) =>
      retryDelayMs({ kind: 'server', retryAfterMs: null }, attempt, { random: almostOne, policy });
    expect(wait(1500)).toBeCloseTo(3000);
    expect(wait(2000)).toBeNull();
  });

  it.each(['truncated', 'unparseable', 'refused', 'bad_request', 'bad_key', 'no_quota', 'no_model'] as const)(
    'makes no request again that ended in %s',
    (kind) => {
      expect(delays(kind, 1000)).toEqual([]);
    },
  );
});

describe('isFatal', () => {
  it('holds for what would meet every call alike, and for nothing else', () => {
    const kinds: FailureClass[] = [
      'rate_limit',
      'server',
      'timeout',
      'connection',
      'truncated',
      'unparseable',
      'refused',
      'bad_request',
      'bad_key',
      'no_quota',
      'no_model',
    ];
    expect(kinds.filter(isFatal)).toEqual(['bad_key', 'no_quota', 'no_model']);
  });
});
