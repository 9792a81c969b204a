import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/random.js';
import { compareEvaluations } from '../../src/evaluate/compare-evaluations.js';
import type { EvaluateReport } from '../../src/evaluate/evaluate-bundle.js';
import { meanInterval } from '../../src/evaluate/mean-interval.js';
import { SpaceTally } from '../../src/evaluate/space-tally.js';
import { bootstrapMean } from '../../src/metrics/bootstrap.js';

/** A report over 60 items of which the student gets those right that `isRight` says; the last has no labels. */
function report(isRight: (item: number) => boolean): EvaluateReport {
  const tally = new SpaceTally(new Set(['a', 'b']), { uses: new Map([['a', 3]]), nTraining: 10 });
  for (let i = 0; i < 60; i++) {
    const scores = [{ tag: isRight(i) ? 'a' : 'b', score: 0.5 }];
    tally.add({ id: String(i), text: '', truth: new Set(i === 59 ? [] : ['a']), scores });
  }
  return { spaces: { item: tally.finish() } } as unknown as EvaluateReport;
}

describe('compareEvaluations', () => {
  const half = report((i) => i % 2 === 0);
  const most = report((i) => i % 4 !== 1);

  it('pairs items: the difference has the mean of the differences, and a p that chance would seldom give', () => {
    const [first, second] = compareEvaluations([half, most]);
    expect(first!.item!['nDCG@5'].difference).toBeNull();
    const { interval, difference } = second!.item!['nDCG@5'];
    expect(interval).toMatchObject({ mean: 44 / 59, n: 59 });
    // 59 items: 30 even ones and 14 of the odd ones are right, against the even ones alone.
    expect(difference!.mean).toBeCloseTo(14 / 59, 12);
    expect(difference!.low).toBeGreaterThan(0.1);
    expect(difference!.p).toBeLessThan(0.001);
  });

  it('finds nothing between a bundle and itself', () => {
    const [, second] = compareEvaluations([half, half]);
    expect(second!.item!['P@1'].difference).toMatchObject({ mean: 0, low: 0, high: 0, p: 1 });
  });

  it('gives every metric an interval, but tests only a few', () => {
    const [, second] = compareEvaluations([half, most]);
    const tested = Object.entries(second!.item!).filter(([, { difference }]) => difference !== null);
    expect(tested.map(([metric]) => metric)).toEqual(['P@1', 'nDCG@5', 'nDCG@10']);
    expect(Object.keys(second!.item!)).toHaveLength(9);
  });

  it('repeats for the same seed', () => {
    expect(compareEvaluations([half, most], { seed: 5 })).toEqual(
      compareEvaluations([half, most], { seed: 5 }),
    );
  });
});

describe('meanInterval', () => {
  it('agrees for many items with the bootstrap that it uses for fewer', () => {
    const random = seededRandom(3);
    const values = Float32Array.from({ length: 20_001 }, (_, i) => (i % 7 === 0 ? NaN : random() ** 3));
    const quick = meanInterval(values, 1);
    const full = bootstrapMean(values, { random: seededRandom(1) });
    expect(quick.n).toBe(full.n);
    expect(quick.mean).toBeCloseTo(full.mean, 10);
    const width = full.high - full.low;
    expect(Math.abs(quick.low - full.low) / width).toBeLessThan(0.05);
    expect(Math.abs(quick.high - full.high) / width).toBeLessThan(0.05);
  });
});
