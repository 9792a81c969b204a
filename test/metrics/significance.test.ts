import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/random.js';
import { bootstrapDifference, bootstrapMean, randomisationTest } from '../../src/metrics/index.js';
import { normalCdf, normalQuantile } from '../../src/metrics/normal-distribution.js';
import { oracle } from '../oracle/metrics-oracle.js';

const { intervals, tests, normal } = oracle.significance;
const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('normal distribution', () => {
  it('follows scipy within 1.5e-7', () => {
    for (const [i, z] of normal.z.entries()) {
      expect(Math.abs(normalCdf(z) - normal.cdf[i]!)).toBeLessThan(1.5e-7);
    }
  });

  it('finds the value back from its chance', () => {
    for (const p of [0.001, 0.025, 0.5, 0.975]) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 9);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

describe('bootstrapDifference', () => {
  it.each(['percentile', 'bca'] as const)('gives the interval of scipy up to chance, by %s', (method) => {
    for (const { a, b, low, high, standardError } of intervals.filter((case_) => case_.method === method)) {
      const found = bootstrapDifference(a, b, { random: seededRandom(5), nResamples: 60_000, method });
      // The bounds of two runs of 60,000 differ by some 0.01 standard errors.
      expect(Math.abs(found.low - low)).toBeLessThan(0.05 * standardError);
      expect(Math.abs(found.high - high)).toBeLessThan(0.05 * standardError);
    }
  });

  it('repeats with the same seed', () => {
    const { a, b } = intervals[0]!;
    const run = (seed: number) => bootstrapDifference(a, b, { random: seededRandom(seed), nResamples: 200 });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('leaves out items where either value is NaN', () => {
    const found = bootstrapDifference([1, NaN, 3, 4], [0, 1, NaN, 3], { random: seededRandom(1) });
    expect(found).toEqual({ mean: 1, low: 1, high: 1, n: 2 });
  });

  it('refuses values that do not pair, and says how many there are', () => {
    expect(() => bootstrapDifference([1, 2], [1], { random: seededRandom(1) })).toThrow(
      expect.objectContaining({ code: 'E_BAD_INPUT', message: expect.stringMatching(/2 .* 1/) as string }),
    );
  });
});

describe('bootstrapMean', () => {
  it('stays within the least and the greatest value', () => {
    const method = fc.constantFrom('percentile' as const, 'bca' as const);
    fc.assert(
      fc.property(values, method, fc.integer(), (values, method, seed) => {
        const found = bootstrapMean(values, { random: seededRandom(seed), nResamples: 50, method });
        expect(found.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(found.high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        expect(found.low).toBeLessThanOrEqual(found.high);
      }),
    );
  });

  it('is wider at a higher level', () => {
    const { a } = intervals[2]!;
    const width = (level: number): number => {
      const { low, high } = bootstrapMean(a, { random: seededRandom(1), level });
      return high - low;
    };
    expect(width(0.99)).toBeGreaterThan(width(0.9));
  });

  it('has no width for one item, and is NaN for none', () => {
    expect(bootstrapMean([0.25], { random: seededRandom(1) })).toEqual({
      mean: 0.25,
      low: 0.25,
      high: 0.25,
      n: 1,
    });
    expect(bootstrapMean([NaN], { random: seededRandom(1) })).toEqual({
      mean: NaN,
      low: NaN,
      high: NaN,
      n: 0,
    });
  });

  it.each([{ level: 1 }, { level: 0 }, { level: NaN }, { nResamples: 0 }, { nResamples: 1.5 }])(
    'refuses %o',
    (options) => {
      expect(() => bootstrapMean([1], { random: seededRandom(1), ...options })).toThrow(
        expect.objectContaining({ code: 'E_BAD_OPTION' }),
      );
    },
  );
});

describe('randomisationTest', () => {
  it('comes near the exact p of all sign flips', () => {
    for (const { a, b, p } of tests) {
      const found = randomisationTest(a, b, { random: seededRandom(3), nFlips: 40_000 });
      expect(Math.abs(found.p - p)).toBeLessThan(0.01);
    }
  });

  it('gives p = 1 when nothing differs', () => {
    expect(randomisationTest([1, 2], [1, 2], { random: seededRandom(1) })).toEqual({
      difference: 0,
      p: 1,
      n: 2,
    });
  });

  it('never gives 0: the least is 1 / (1 + nFlips)', () => {
    const ones = Array<number>(100).fill(1);
    const zeros = Array<number>(100).fill(0);
    const found = randomisationTest(ones, zeros, { random: seededRandom(1), nFlips: 99 });
    expect(found).toEqual({ difference: 1, p: 0.01, n: 100 });
  });

  it('does not mind which comes first', () => {
    fc.assert(
      fc.property(values, fc.integer(), (values, seed) => {
        const zeros = values.map(() => 0);
        const there = randomisationTest(values, zeros, { random: seededRandom(seed), nFlips: 50 });
        const back = randomisationTest(zeros, values, { random: seededRandom(seed), nFlips: 50 });
        expect(back.p).toBe(there.p);
        expect(back.difference).toBeCloseTo(-there.difference, 12);
      }),
    );
  });

  it('is uniform where the two are alike: p <= 0.1 in about a tenth of the cases', () => {
    const random = seededRandom(11);
    let low = 0;
    for (let i = 0; i < 400; i++) {
      const a = Array.from({ length: 20 }, random);
      const b = Array.from({ length: 20 }, random);
      if (randomisationTest(a, b, { random, nFlips: 199 }).p <= 0.1) low++;
    }
    expect(low).toBeGreaterThan(20);
    expect(low).toBeLessThan(65);
  });

  it('is NaN when no pair is left', () => {
    expect(randomisationTest([NaN], [1], { random: seededRandom(1) })).toEqual({
      difference: NaN,
      p: NaN,
      n: 0,
    });
  });
});
