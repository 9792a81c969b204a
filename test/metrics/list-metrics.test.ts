import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intraListDistance, jaccard, novelty } from '../../src/metrics/index.js';
import { oracle } from '../oracle/metrics-oracle.js';
import { k, ranking, truth } from './arbitraries.js';

const { counts, nItems, cases } = oracle.lists;
const tags = oracle.lists.tags.map((list) => new Set(list));

describe('novelty', () => {
  it('gives the oracle figures', () => {
    for (const { ranking, novelty: expected } of cases) {
      const value = novelty(ranking, { k: 5, nItems, countOf: (label) => counts[label]! });
      expect(value).toBeCloseTo(expected, 12);
    }
  });

  it('is 0 for what all items carry, and log2(nItems) at most, for what none carries', () => {
    expect(novelty(['a'], { nItems: 8, countOf: () => 8 })).toBe(0);
    expect(novelty(['a'], { nItems: 8, countOf: () => 1 })).toBe(3);
    expect(novelty(['a'], { nItems: 8, countOf: () => 0 })).toBe(3);
  });

  it('stays between 0 and log2(nItems), and falls when labels get more frequent', () => {
    fc.assert(
      fc.property(ranking, k, fc.integer({ min: 1, max: 499 }), (ranking, k, count) => {
        fc.pre(ranking.length > 0);
        const of = (count: number): number =>
          novelty(ranking, { k, nItems: 500, countOf: (label) => Math.min(500, count + label) });
        expect(of(count)).toBeGreaterThanOrEqual(0);
        expect(of(count)).toBeLessThanOrEqual(Math.log2(500));
        expect(of(count + 1)).toBeLessThanOrEqual(of(count) + 1e-12);
      }),
    );
  });

  it('is NaN for an empty list', () => {
    expect(novelty([], { nItems: 8, countOf: () => 1 })).toBeNaN();
  });

  it.each([-1, 9, NaN])('refuses a count of %d in 8 items', (count) => {
    expect(() => novelty(['a'], { nItems: 8, countOf: () => count })).toThrow(
      expect.objectContaining({ code: 'E_BAD_INPUT' }),
    );
  });
});

describe('intraListDistance', () => {
  it('gives the oracle figures', () => {
    for (const { ranking, distance } of cases) {
      expect(intraListDistance(ranking, { k: 5, tagsOf: (id) => tags[id]! })).toBeCloseTo(distance, 12);
    }
  });

  it('does not depend on the order within the first k', () => {
    fc.assert(
      fc.property(ranking, k, (ranking, k) => {
        fc.pre(Math.min(ranking.length, k) > 1);
        const tagsOf = (id: number): ReadonlySet<number> => tags[id]!;
        const there = intraListDistance(ranking, { k, tagsOf });
        expect(there).toBeGreaterThanOrEqual(0);
        expect(there).toBeLessThanOrEqual(1);
        expect(intraListDistance(ranking.slice(0, k).toReversed(), { k, tagsOf })).toBeCloseTo(there, 12);
      }),
    );
  });

  it('takes two things without tags to be alike', () => {
    expect(intraListDistance(['a', 'b'], { tagsOf: () => new Set() })).toBe(0);
  });

  it('is NaN where there is no pair, also for one thing twice', () => {
    expect(intraListDistance(['a'], { tagsOf: () => new Set([1]) })).toBeNaN();
    expect(intraListDistance(['a', 'a'], { tagsOf: () => new Set([1]) })).toBeNaN();
  });
});

describe('jaccard', () => {
  it('is symmetric, and 1 for a set with itself', () => {
    fc.assert(
      fc.property(truth, truth, (a, b) => {
        expect(jaccard(a, b)).toBe(jaccard(b, a));
        expect(jaccard(a, a)).toBe(1);
      }),
    );
  });

  it('is 0 for sets that share nothing', () => {
    expect(jaccard(new Set([1]), new Set([2]))).toBe(0);
  });
});
