import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limiter } from '../../../teacher/limits/limiter.js';
import { VirtualClock } from './virtual-clock.js';

interface Call {
  readonly arrivesMs: number;
  readonly takesMs: number;
  readonly nTokens: number;
  readonly ends: 'well' | 'fails' | 'refused' | 'retry-after';
  /** When its signal is aborted; null: never. */
  readonly stopsMs: number | null;
}

interface Start {
  readonly index: number;
  readonly atMs: number;
  readonly nTokens: number;
}

const MINUTE_MS = 60_000;

const callOf = fc.record<Call>({
  arrivesMs: fc.nat(90_000),
  takesMs: fc.nat(20_000),
  nTokens: fc.nat(3000),
  ends: fc.constantFrom('well', 'well', 'well', 'fails', 'refused', 'retry-after'),
  stopsMs: fc.option(fc.nat(90_000), { freq: 5 }),
});

const scenario = fc.record({
  calls: fc.array(callOf, { minLength: 1, maxLength: 60 }),
  concurrency: fc.integer({ min: 1, max: 12 }),
  requestsPerMinute: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
  tokensPerMinute: fc.option(fc.integer({ min: 100, max: 50_000 }), { nil: undefined }),
});

async function play({
  calls,
  requestsPerMinute,
  tokensPerMinute,
  concurrency,
}: typeof scenario extends fc.Arbitrary<infer S> ? S : never) {
  const clock = new VirtualClock();
  const limiter = new Limiter({
    concurrency,
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0.5,
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
  });
  const starts: Start[] = [];
  const joined: number[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  let nAboveAllowed = 0;
  const make = async (index: number, { takesMs, nTokens, ends }: Call): Promise<void> => {
    if (++inFlight > limiter.state.concurrency) nAboveAllowed++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    starts.push({ index, atMs: clock.now(), nTokens });
    try {
      await clock.sleep(takesMs);
      if (ends === 'well') limiter.succeeded();
      if (ends === 'refused') limiter.rateLimited(null);
      if (ends === 'retry-after') limiter.rateLimited(takesMs);
      if (ends !== 'well') throw new Error(ends);
    } finally {
      inFlight--;
    }
  };
  const outcomes = calls.map(async (call, index) => {
    const stop = new AbortController();
    if (call.stopsMs !== null) void clock.sleep(call.stopsMs).then(() => stop.abort());
    await clock.sleep(call.arrivesMs);
    joined.push(index);
    await limiter.run(call.nTokens, () => make(index, call), { signal: stop.signal });
  });
  const ended = Promise.allSettled(outcomes);
  await clock.runOut();
  return { limiter, starts, joined, mostInFlight, nAboveAllowed, outcomes: await ended };
}

/** The greatest sum over the starts of any 60 s, the last moment left out. */
function mostInAMinute(starts: readonly Start[], amount: (start: Start) => number): number {
  const sums = starts.map(({ atMs }) =>
    starts
      .filter((other) => other.atMs >= atMs && other.atMs < atMs + MINUTE_MS)
      .reduce((sum, start) => sum + amount(start), 0),
  );
  return Math.max(0, ...sums);
}

describe('Limiter, whatever comes', () => {
  it('never has more calls in flight than are allowed at their start', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { mostInFlight, nAboveAllowed } = await play(given);
        expect(mostInFlight).toBeLessThanOrEqual(given.concurrency);
        expect(nAboveAllowed).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('never starts more requests in 60 s than a minute allows', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { starts } = await play(given);
        expect(mostInAMinute(starts, () => 1)).toBeLessThanOrEqual(given.requestsPerMinute ?? Infinity);
      }),
      { numRuns: 60 },
    );
  });

  it('never starts calls of more tokens in 60 s than a minute and the largest call above a second allow', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { starts } = await play(given);
        const perMinute = given.tokensPerMinute ?? Infinity;
        const largest = Math.max(0, ...starts.map(({ nTokens }) => nTokens));
        const above = Math.max(0, largest - Math.floor(perMinute / 60));
        expect(mostInAMinute(starts, ({ nTokens }) => nTokens)).toBeLessThanOrEqual(perMinute + 1 + above);
      }),
      { numRuns: 60 },
    );
  });

  it('ends every call, and those that were not stopped have started in the order in which they came', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { limiter, starts, joined, outcomes } = await play(given);
        expect(limiter.state).toMatchObject({ inFlight: 0, waiting: 0 });
        const started = starts.map(({ index }) => index);
        expect(started).toEqual(joined.filter((index) => started.includes(index)));
        outcomes.forEach((outcome, index) => {
          const { ends, stopsMs } = given.calls[index]!;
          if (started.includes(index))
            expect(outcome.status).toBe(ends === 'well' ? 'fulfilled' : 'rejected');
          else {
            expect(stopsMs).not.toBeNull();
            expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'E_ABORTED' } });
          }
        });
      }),
      { numRuns: 60 },
    );
  });
});
