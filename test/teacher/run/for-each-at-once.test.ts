import { describe, expect, it } from 'vitest';
import { forEachAtOnce } from '../../../teacher/run/for-each-at-once.js';

const numbers = function* (n: number, onTake: (i: number) => void = () => undefined): Generator<number> {
  for (let i = 0; i < n; i++) {
    onTake(i);
    yield i;
  }
};
const never = new AbortController().signal;

describe('forEachAtOnce', () => {
  it('does all, at most so many at once, and takes no value before there is room', async () => {
    let [underWay, most, taken, done] = [0, 0, 0, 0];
    const isAhead: number[] = [];
    await forEachAtOnce(
      numbers(100, () => {
        taken++;
        isAhead.push(taken - done);
      }),
      async (i) => {
        most = Math.max(most, ++underWay);
        for (let turn = 0; turn < i % 3; turn++) await new Promise(setImmediate);
        underWay--;
        done++;
      },
      { nAtOnce: 5, signal: never },
    );
    expect({ done, most }).toEqual({ done: 100, most: 5 });
    expect(Math.max(...isAhead)).toBeLessThanOrEqual(6);
  });

  it('throws the first error after what is under way has ended, and takes nothing more', async () => {
    const ended: number[] = [];
    let taken = 0;
    const work = async (i: number): Promise<void> => {
      await new Promise(setImmediate);
      if (i === 2) throw new Error('two');
      await new Promise(setImmediate);
      ended.push(i);
    };
    await expect(
      forEachAtOnce(
        numbers(50, () => taken++),
        work,
        { nAtOnce: 4, signal: never },
      ),
    ).rejects.toThrow('two');
    expect(ended).toEqual(expect.arrayContaining([0, 1, 3]));
    expect(taken).toBeLessThan(10);
  });

  it('throws what the stream throws', async () => {
    const broken = async function* (): AsyncGenerator<number> {
      yield 1;
      await Promise.resolve();
      throw new Error('broken');
    };
    await expect(
      forEachAtOnce(broken(), () => Promise.resolve(), { nAtOnce: 2, signal: never }),
    ).rejects.toThrow('broken');
  });

  it('stops in order when the signal fires: what is under way ends', async () => {
    const stop = new AbortController();
    const ended: number[] = [];
    await forEachAtOnce(
      numbers(50),
      async (i) => {
        if (i === 3) stop.abort();
        await new Promise(setImmediate);
        ended.push(i);
      },
      { nAtOnce: 2, signal: stop.signal },
    );
    expect(ended.sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });
});
