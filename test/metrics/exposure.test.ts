import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage, Exposure, gini } from '../../src/metrics/index.js';
import { oracle } from '../oracle/metrics-oracle.js';
import { k, ranking } from './arbitraries.js';

function exposureOf<T>(lists: readonly (readonly T[])[], k: number): Exposure<T> {
  const exposure = new Exposure<T>({ k });
  for (const list of lists) exposure.add(list);
  return exposure;
}

describe('coverage and gini', () => {
  it('give the oracle figures', () => {
    for (const { lists, k, nLabels, ...expected } of oracle.exposure) {
      const exposure = exposureOf(lists, k);
      expect(coverage(exposure, { nLabels })).toBeCloseTo(expected.coverage, 12);
      expect(gini(exposure, { nLabels, form: 'recbole' })).toBeCloseTo(expected.recbole, 12);
      expect(gini(exposure, { nLabels })).toBeCloseTo(expected.corrected, 12);
    }
  });

  it('count nothing behind place k, and a repeated label once', () => {
    const exposure = exposureOf([['a', 'a', 'b', 'c']], 3);
    expect(exposure.counts).toEqual(new Map(Object.entries({ a: 1, b: 1 })));
  });

  it.each([0, 1, 1.5, NaN])('refuse a vocabulary of %d labels when two were shown', (nLabels) => {
    const exposure = exposureOf([['a', 'b']], 2);
    expect(() => coverage(exposure, { nLabels })).toThrow(expect.objectContaining({ code: 'E_BAD_INPUT' }));
    expect(() => gini(exposure, { nLabels })).toThrow(expect.objectContaining({ code: 'E_BAD_INPUT' }));
  });
});

describe('coverage', () => {
  it('never falls when a list is added or k grows', () => {
    fc.assert(
      fc.property(fc.array(ranking, { maxLength: 10 }), ranking, k, (lists, more, k) => {
        const of = (lists: readonly number[][], k: number): number =>
          coverage(exposureOf(lists, k), { nLabels: 25 });
        const there = of(lists, k);
        expect(of([...lists, more], k)).toBeGreaterThanOrEqual(there);
        expect(of(lists, k + 1)).toBeGreaterThanOrEqual(there);
        expect(there).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 0 before the first list', () => {
    expect(coverage(new Exposure(), { nLabels: 3 })).toBe(0);
  });
});

describe('gini', () => {
  it('stays within 0 and 1 in both forms, for lists of any lengths', () => {
    fc.assert(
      fc.property(fc.array(ranking, { minLength: 2, maxLength: 15 }), (lists) => {
        const exposure = exposureOf(lists, 20);
        fc.pre(lists.filter(({ length }) => length > 0).length > 1);
        for (const form of ['recbole', 'corrected'] as const) {
          const value = gini(exposure, { nLabels: 25, form });
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('when corrected, is 1 where all lists show the same, though RecBole stops at 1 - k / n', () => {
    const same = exposureOf(Array(9).fill(['a', 'b']) as string[][], 2);
    expect(gini(same, { nLabels: 10, form: 'recbole' })).toBeCloseTo(0.8, 12);
    expect(gini(same, { nLabels: 10 })).toBe(1);
  });

  it('when corrected, is 0 where lists spread as evenly as they can', () => {
    const spread = exposureOf(
      [
        [0, 1],
        [2, 3],
        [4, 0],
      ],
      2,
    );
    expect(gini(spread, { nLabels: 5, form: 'recbole' })).toBeGreaterThan(0.1);
    expect(gini(spread, { nLabels: 5 })).toBeCloseTo(0, 12);
  });

  it('is NaN when nothing was shown, and when corrected, where there is no choice', () => {
    expect(gini(new Exposure(), { nLabels: 5, form: 'recbole' })).toBeNaN();
    expect(gini(new Exposure(), { nLabels: 5 })).toBeNaN();
    expect(gini(exposureOf([[0]], 1), { nLabels: 5 })).toBeNaN();
    expect(
      gini(
        exposureOf(
          [
            [0, 1],
            [1, 0],
          ],
          2,
        ),
        { nLabels: 2 },
      ),
    ).toBeNaN();
  });
});
