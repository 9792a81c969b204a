import { describe, expect, it } from 'vitest';
import { Limiter, type LimiterOptions } from '../../../teacher/limits/limiter.js';
import { VirtualClock } from './virtual-clock.js';

function setUp(options: Partial<LimiterOptions> = {}) {
  const clock = new VirtualClock();
  const { now, sleep } = clock;
  const limiter = new Limiter({ concurrency: 4, random: () => 0.5, now, sleep, ...options });
  const starts: { readonly name: string; readonly atMs: number }[] = [];
  const call =
    (name: string, ms = 0, then: () => void = () => undefined) =>
    async (): Promise<string> => {
      starts.push({ name, atMs: clock.now() });
      if (ms > 0) await clock.sleep(ms);
      then();
      return name;
    };
  const startTimes = (): number[] => starts.map(({ atMs }) => atMs);
  return { clock, limiter, starts, startTimes, call };
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('Limiter', () => {
  it('gives what a call gives, and frees its place', async () => {
    const { limiter, call } = setUp();
    expect(await limiter.run(1, call('a'))).toBe('a');
    expect(limiter.state).toEqual({ concurrency: 4, inFlight: 0, waiting: 0, pausedMs: 0 });
  });

  it('throws what a call throws, at once or later, and frees its place', async () => {
    const { limiter } = setUp({ concurrency: 1 });
    const boom = new Error('boom');
    await expect(limiter.run(1, () => Promise.reject(boom))).rejects.toBe(boom);
    const atOnce = () => {
      throw boom;
    };
    await expect(limiter.run(1, atOnce)).rejects.toBe(boom);
    expect(limiter.state.inFlight).toBe(0);
  });

  it('starts calls in the order in which they came', async () => {
    const { clock, limiter, starts, call } = setUp({ concurrency: 2 });
    const all = Promise.all(range(6).map((i) => limiter.run(1, call(String(i), 10 - i))));
    expect(limiter.state).toMatchObject({ inFlight: 2, waiting: 4 });
    await clock.runOut();
    expect(await all).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(starts.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('lets no small call overtake a large one that waits for its tokens', async () => {
    const { clock, limiter, starts, call } = setUp({ tokensPerMinute: 600 });
    const all = [5, 10, 1].map((nTokens, i) => limiter.run(nTokens, call(String(i))));
    await clock.runOut();
    await Promise.all(all);
    expect(starts.map(({ name }) => name)).toEqual(['0', '1', '2']);
  });

  describe('stopping', () => {
    it('takes a waiting call out of the line, so that it never starts', async () => {
      const { clock, limiter, starts, call } = setUp({ concurrency: 1 });
      const stop = new AbortController();
      const first = limiter.run(1, call('first', 10));
      const gone = limiter.run(1, call('gone'), { signal: stop.signal });
      const last = limiter.run(1, call('last'));
      stop.abort(new Error('enough'));
      await expect(gone).rejects.toMatchObject({ code: 'E_ABORTED', cause: stop.signal.reason as Error });
      await clock.runOut();
      await Promise.all([first, last]);
      expect(starts.map(({ name }) => name)).toEqual(['first', 'last']);
    });

    it('lets calls in flight end, as they are paid', async () => {
      const { clock, limiter, call } = setUp();
      const stop = new AbortController();
      const paid = limiter.run(1, call('paid', 10), { signal: stop.signal });
      stop.abort();
      await clock.runOut();
      expect(await paid).toBe('paid');
    });

    it('starts nothing when the signal was aborted before', async () => {
      const { limiter, starts, call } = setUp();
      const run = limiter.run(1, call('a'), { signal: AbortSignal.abort() });
      await expect(run).rejects.toMatchObject({ code: 'E_ABORTED' });
      expect(starts).toEqual([]);
    });

    it('leaves no timer when all who waited are gone', async () => {
      const { clock, limiter, call } = setUp();
      const stop = new AbortController();
      limiter.rateLimited(5000);
      const waiting = range(3).map((i) => limiter.run(1, call(String(i)), { signal: stop.signal }));
      expect(clock.nSleeping).toBe(1);
      stop.abort();
      expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(
        Array(3).fill('rejected'),
      );
      expect(clock.nSleeping).toBe(0);
    });

    it('lets the next call go when a large one before it gives up', async () => {
      const { clock, limiter, starts, call } = setUp({ tokensPerMinute: 60_000 });
      const stop = new AbortController();
      const first = limiter.run(1000, call('first'));
      const large = limiter.run(1000, call('large'), { signal: stop.signal });
      const small = limiter.run(0, call('small'));
      stop.abort();
      await expect(large).rejects.toMatchObject({ code: 'E_ABORTED' });
      await clock.settle();
      await Promise.all([first, small]);
      expect(starts).toEqual([
        { name: 'first', atMs: 0 },
        { name: 'small', atMs: 0 },
      ]);
    });
  });

  describe('amounts a minute', () => {
    it('starts 60 requests a minute one second apart', async () => {
      const { clock, limiter, startTimes, call } = setUp({ requestsPerMinute: 60 });
      const all = range(4).map((i) => limiter.run(1, call(String(i))));
      await clock.runOut();
      await Promise.all(all);
      expect(startTimes()).toEqual([0, 1000, 2000, 3000]);
    });

    it('starts what a second brings at once after a pause', async () => {
      const { clock, limiter, startTimes, call } = setUp({ concurrency: 100, requestsPerMinute: 600 });
      await clock.runUntil(60_000);
      const all = range(11).map((i) => limiter.run(1, call(String(i))));
      await clock.runOut();
      await Promise.all(all);
      expect(startTimes().filter((atMs) => atMs === 60_000)).toHaveLength(10);
    });

    it('lets a call of more than a minute of tokens through, alone in its minute', async () => {
      const { clock, limiter, starts, call } = setUp({ tokensPerMinute: 1000 });
      const all = [limiter.run(50_000, call('huge', 10)), limiter.run(10, call('next'))];
      await clock.runOut();
      await Promise.all(all);
      expect(starts[0]).toEqual({ name: 'huge', atMs: 0 });
      expect(starts[1]!.atMs).toBeGreaterThanOrEqual(60_000);
      expect(starts[1]!.atMs).toBeLessThan(65_000);
    });
  });

  describe('what the server says', () => {
    it('heeds a limit that is lower than the configured one', async () => {
      const { clock, limiter, startTimes, call } = setUp({ requestsPerMinute: 6000 });
      limiter.observe({ limitRequests: 60 });
      const all = range(3).map((i) => limiter.run(1, call(String(i))));
      await clock.runOut();
      await Promise.all(all);
      expect(startTimes()).toEqual([0, 1000, 2000]);
    });

    it('keeps to the configured limit where the server allows more', async () => {
      const { clock, limiter, startTimes, call } = setUp({ requestsPerMinute: 60 });
      limiter.observe({ limitRequests: 6000 });
      const all = range(3).map((i) => limiter.run(1, call(String(i))));
      await clock.runOut();
      await Promise.all(all);
      expect(startTimes()).toEqual([0, 1000, 2000]);
    });

    it('wakes those who wait when the server allows more than before', async () => {
      const { clock, limiter, startTimes, call } = setUp();
      limiter.observe({ limitRequests: 1 });
      const all = range(2).map((i) => limiter.run(1, call(String(i))));
      await clock.runUntil(1000);
      limiter.observe({ limitRequests: 60 });
      await clock.runOut();
      await Promise.all(all);
      expect(startTimes()[1]).toBeLessThan(2100);
    });

    it('pauses until the reset when nothing is left', async () => {
      const { clock, limiter, startTimes, call } = setUp();
      limiter.observe({
        remainingTokens: 0,
        resetTokensMs: 3000,
        remainingRequests: 0,
        resetRequestsMs: 2000,
      });
      const run = limiter.run(1, call('a'));
      expect(limiter.state.pausedMs).toBe(3000);
      await clock.runOut();
      await run;
      expect(startTimes()).toEqual([3000]);
    });

    it('tries again after a minute where the reset is hours away, as some limits fill all the time', () => {
      const { limiter } = setUp();
      limiter.observe({ remainingRequests: 0, resetRequestsMs: 8 * 3_600_000 });
      expect(limiter.state.pausedMs).toBe(60_000);
    });

    it('goes on as before after headers without sense', async () => {
      const { limiter, call } = setUp({ requestsPerMinute: 600 });
      limiter.observe(null);
      limiter.observe({ limitRequests: NaN, remainingRequests: NaN, resetRequestsMs: NaN });
      limiter.observe({ limitRequests: 0, limitTokens: -5, remainingTokens: -1 });
      limiter.observe({ remainingTokens: 0, resetTokensMs: NaN });
      expect(limiter.state.pausedMs).toBe(0);
      expect(await limiter.run(1, call('a'))).toBe('a');
    });
  });

  describe('refusals', () => {
    it('pauses all calls for retry-after', async () => {
      const { clock, limiter, startTimes, call } = setUp();
      limiter.rateLimited(7000);
      limiter.rateLimited(2000);
      const all = range(2).map((i) => limiter.run(1, call(String(i))));
      await clock.runOut();
      await Promise.all(all);
      expect(startTimes()).toEqual([7000, 7000]);
    });

    it('waits an hour at most, whatever retry-after says', () => {
      const { limiter } = setUp();
      limiter.rateLimited(1e15);
      expect(limiter.state.pausedMs).toBe(3_600_000);
    });

    it('doubles its pauses without retry-after up to a minute, and begins anew after a success', async () => {
      const { clock, limiter } = setUp({ random: () => 0 });
      const pauses: number[] = [];
      for (let i = 0; i < 9; i++) {
        limiter.rateLimited(null);
        pauses.push(limiter.state.pausedMs);
        await clock.runUntil(clock.now() + limiter.state.pausedMs);
      }
      expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
      limiter.succeeded();
      limiter.rateLimited(null);
      expect(limiter.state.pausedMs).toBe(500);
    });

    it('halves once for all calls that were in flight', async () => {
      const { clock, limiter, call } = setUp({ concurrency: 16 });
      const refused = (): void => {
        limiter.rateLimited(null);
      };
      const all = range(16).map((i) => limiter.run(1, call(String(i), 1 + i, refused)));
      await clock.runOut();
      await Promise.all(all);
      expect(limiter.state.concurrency).toBe(8);
    });

    it('halves again while one call of before takes minutes, once the pause is over', async () => {
      const { clock, limiter, call } = setUp({ concurrency: 16 });
      const refused = (): void => {
        limiter.rateLimited(2000);
      };
      const slow = limiter.run(1, call('slow', 600_000));
      const seen: number[] = [];
      for (const name of ['first', 'second']) {
        const all = range(6).map((i) => limiter.run(1, call(name, 10 + i, refused)));
        await clock.runUntil(clock.now() + 5000);
        await Promise.all(all);
        seen.push(limiter.state.concurrency);
      }
      expect(seen).toEqual([8, 4]);
      await clock.runOut();
      expect(await slow).toBe('slow');
    });

    it('halves once for calls that are refused together, however short the pause', async () => {
      const { clock, limiter, call } = setUp({ concurrency: 16 });
      const refused = (): void => {
        limiter.rateLimited(1);
      };
      const all = range(32).map((i) => limiter.run(1, call(String(i), 20 + 10 * (i % 16), refused)));
      await clock.runUntil(170);
      expect(limiter.state.concurrency).toBe(8);
      await clock.runOut();
      await Promise.all(all);
    });

    it('halves again when calls that started after it are refused, down to one', async () => {
      const { clock, limiter, call } = setUp({ concurrency: 5 });
      const seen: number[] = [];
      for (let i = 0; i < 4; i++) {
        const run = limiter.run(
          1,
          call('a', 1, () => {
            limiter.rateLimited(null);
          }),
        );
        await clock.runOut();
        await run;
        seen.push(limiter.state.concurrency);
      }
      expect(seen).toEqual([2, 1, 1, 1]);
    });

    it('recovers by one for about each round of successes, up to what is configured', () => {
      const { limiter } = setUp({ concurrency: 8 });
      limiter.rateLimited(1);
      const seen = range(60).map(() => {
        limiter.succeeded();
        return limiter.state.concurrency;
      });
      expect(seen.slice(0, 5)).toEqual([4, 4, 4, 4, 5]);
      expect(seen.at(-1)).toBe(8);
    });
  });

  it.each([
    { concurrency: 0 },
    { concurrency: 1.5 },
    { concurrency: NaN },
    { requestsPerMinute: 0 },
    { requestsPerMinute: NaN },
    { tokensPerMinute: -1 },
  ])('refuses the limits %j', (options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: 'E_BAD_OPTION' }) as Error);
  });

  it.each([NaN, -1, Infinity])('refuses a call of %d tokens without making it', async (nTokens) => {
    const { limiter, starts, call } = setUp();
    await expect(limiter.run(nTokens, call('a'))).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
    expect(starts).toEqual([]);
  });

  it('waits by the machine clock where none is given', async () => {
    const limiter = new Limiter({ concurrency: 1, requestsPerMinute: 60_000 });
    expect(await Promise.all(range(5).map((i) => limiter.run(1, () => Promise.resolve(i))))).toEqual(
      range(5),
    );
  });
});
