import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  precision,
  propensity,
  PROPENSITY_VARIANTS,
  PropensityMean,
  psNdcg,
  psPrecision,
} from '../../src/metrics/index.js';
import { oracle } from '../oracle/metrics-oracle.js';
import { k, ranking, truth } from './arbitraries.js';

const { counts, nItems, propensities, cases, ratioAt5 } = oracle.propensity;
const propensityOf = (label: number): number => propensity(counts[label]!, nItems);

describe('propensity', () => {
  it.each(['default', 'wikipedia', 'amazon'] as const)(
    'follows Jain et al. with the %s constants',
    (name) => {
      for (const [label, count] of counts.entries()) {
        expect(propensity(count, nItems, PROPENSITY_VARIANTS[name])).toBeCloseTo(
          propensities[name][label]!,
          12,
        );
      }
    },
  );

  it('rises with the count and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 1_000_000 }), (count, nItems) => {
        const p = propensity(count, nItems);
        return p > 0 && p <= 1 && propensity(count + 1, nItems) >= p;
      }),
    );
  });

  it('is 1 where there are too few items to tell', () => {
    expect(propensity(0, 2)).toBe(1);
  });

  it.each([
    [-1, 10],
    [NaN, 10],
    [3, 0],
    [3, Infinity],
  ])('refuses a count of %d in %d items', (count, nItems) => {
    expect(() => propensity(count, nItems)).toThrow(expect.objectContaining({ code: 'E_BAD_INPUT' }));
  });
});

describe('psPrecision and psNdcg', () => {
  it('give the oracle values and bests', () => {
    for (const { ranking, labels, k, psp, psndcg } of cases) {
      const truth = new Set(labels);
      const precise = psPrecision(ranking, truth, { k, propensityOf });
      expect(precise.value).toBeCloseTo(psp.value, 10);
      expect(precise.best).toBeCloseTo(psp.best, 10);
      const gained = psNdcg(ranking, truth, { k, propensityOf });
      expect(gained.value).toBeCloseTo(psndcg.value, 10);
      expect(gained.best).toBeCloseTo(psndcg.best, 10);
    }
  });

  it('make a data set figure of the sums, not of the ratios', () => {
    const figure = new PropensityMean();
    for (const { ranking, labels, k } of cases) {
      if (k === 5) figure.add(psPrecision(ranking, new Set(labels), { k, propensityOf }));
    }
    expect(figure.n).toBe(60);
    expect(figure.ratio).toBeCloseTo(ratioAt5, 10);
  });

  it('never exceed the best achievable', () => {
    fc.assert(
      fc.property(ranking, truth, k, (ranking, truth, k) => {
        for (const metric of [psPrecision, psNdcg]) {
          const { value, best } = metric(ranking, truth, { k, propensityOf });
          expect(value).toBeLessThanOrEqual(best * (1 + 1e-12));
        }
      }),
    );
  });

  it('are plain precision when every propensity is 1', () => {
    fc.assert(
      fc.property(ranking, truth, k, (ranking, truth, k) => {
        const { value } = psPrecision(ranking, truth, { k, propensityOf: () => 1 });
        expect(value).toBeCloseTo(precision(ranking, truth, { k }), 12);
      }),
    );
  });

  it('leave out an item without labels', () => {
    const figure = new PropensityMean();
    figure.add(psPrecision([1], new Set(), { k: 1, propensityOf }));
    figure.add(psPrecision([1], new Set([1]), { k: 1, propensityOf }));
    expect(figure.n).toBe(1);
    expect(figure.ratio).toBe(1);
  });

  it.each([0, -0.5, 1.1, NaN])('refuse a propensity of %d', (p) => {
    expect(() => psNdcg(['a'], new Set(['a']), { propensityOf: () => p })).toThrow(
      expect.objectContaining({ code: 'E_BAD_INPUT', message: expect.stringContaining('"a"') as string }),
    );
  });
});
