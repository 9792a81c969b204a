import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ndcg, precision, recall, reciprocalRank, type Truth } from '../../src/metrics/index.js';
import { oracle } from '../oracle/metrics-oracle.js';
import { gains, k, ranking, truth } from './arbitraries.js';

const metrics = { precision, recall, ndcg, reciprocalRank };

describe.each(Object.entries(metrics))('%s', (name, metric) => {
  it('gives the figures of trec_eval', () => {
    for (const { ranking, labels, graded, at } of oracle.rankings) {
      const truth: Truth<number> = graded ? new Map(labels) : new Set(labels.map(([label]) => label));
      for (const [k, figures] of Object.entries(at)) {
        const options = name === 'reciprocalRank' ? {} : { k: Number(k) };
        expect(metric(ranking, truth, options)).toBeCloseTo(figures[name as keyof typeof metrics], 9);
      }
    }
  });

  it('stays within 0 and 1', () => {
    fc.assert(
      fc.property(ranking, fc.oneof(truth, gains), k, (ranking, truth, k) => {
        const value = metric<number>(ranking, truth, { k });
        return value >= 0 && value <= 1;
      }),
    );
  });

  it('does not fall when a true label takes the place of a false one', () => {
    fc.assert(
      fc.property(ranking, truth, k, fc.nat(), (ranking, truth, k, at) => {
        fc.pre(ranking.length > 0);
        const place = at % ranking.length;
        const missing = [...truth].find((label) => !ranking.includes(label));
        fc.pre(missing !== undefined && !truth.has(ranking[place]!));
        return metric(ranking.with(place, missing), truth, { k }) >= metric(ranking, truth, { k });
      }),
    );
  });

  it('looks at nothing behind place k', () => {
    fc.assert(
      fc.property(ranking, truth, k, (ranking, truth, k) => {
        expect(metric(ranking.slice(0, k), truth, { k })).toBe(metric(ranking, truth, { k }));
      }),
    );
  });

  it('is the same whatever the labels are called', () => {
    fc.assert(
      fc.property(ranking, gains, k, (ranking, gains, k) => {
        const named = new Map([...gains].map(([label, gain]) => [`tag ${label}`, gain]));
        const value = metric(
          ranking.map((label) => `tag ${label}`),
          named,
          { k },
        );
        expect(value).toBe(metric(ranking, gains, { k }));
      }),
    );
  });

  it('counts a repeated label once, and the repeat keeps its place', () => {
    const repeated = metric(['a', 'a', 'b'], new Set(['a', 'b']), { k: 3 });
    expect(repeated).toBe(metric(['a', 'x', 'b'], new Set(['a', 'b']), { k: 3 }));
  });

  it('is NaN for an item without labels, so that callers leave it out', () => {
    expect(metric(['a'], new Set(), { k: 1 })).toBeNaN();
    expect(metric(['a'], new Map(), { k: 1 })).toBeNaN();
  });

  it('is 0 for an empty ranking', () => {
    expect(metric([], new Set(['a']))).toBe(0);
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses k = %d', (k) => {
    expect(() => metric(['a'], new Set(['a']), { k })).toThrow(
      expect.objectContaining({ code: 'E_BAD_K', message: expect.stringContaining(String(k)) as string }),
    );
  });
});

describe('precision', () => {
  it('divides by k also where the ranking is shorter', () => {
    expect(precision(['a'], new Set(['a']), { k: 5 })).toBe(0.2);
  });
});

describe('recall', () => {
  it('divides by all labels, those outside the vocabulary included', () => {
    expect(recall(['a'], new Set(['a', 'outside', 'also outside', 'x']), { k: 1 })).toBe(0.25);
  });
});

describe('reciprocalRank', () => {
  it('looks at the whole list unless k is given', () => {
    const ranking = Array.from({ length: 40 }, (_, i) => i);
    expect(reciprocalRank(ranking, new Set([39]))).toBe(1 / 40);
    expect(reciprocalRank(ranking, new Set([39]), { k: 39 })).toBe(0);
  });
});

describe('ndcg', () => {
  it('gives the figures of scikit-learn, where rankings fill k places', () => {
    let compared = 0;
    for (const { ranking, labels, at } of oracle.rankings) {
      for (const [k, { sklearnNdcg }] of Object.entries(at)) {
        if (sklearnNdcg === null) continue;
        expect(ndcg(ranking, new Map(labels), { k: Number(k) })).toBeCloseTo(sklearnNdcg, 9);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(200);
  });

  it('is 1 exactly for the ideal order', () => {
    fc.assert(
      fc.property(gains, k, (gains, k) => {
        const ideal = [...gains].sort(([, a], [, b]) => b - a).map(([label]) => label);
        expect(ndcg(ideal, gains, { k })).toBeCloseTo(1, 12);
      }),
    );
  });

  it('does not change when all gains are scaled alike', () => {
    fc.assert(
      fc.property(ranking, gains, k, (ranking, gains, k) => {
        const scaled = new Map([...gains].map(([label, gain]) => [label, gain * 7]));
        expect(ndcg(ranking, scaled, { k })).toBeCloseTo(ndcg(ranking, gains, { k }), 12);
      }),
    );
  });

  it('lets labels outside the vocabulary lower the value', () => {
    const one = ndcg(['a'], new Set(['a']), { k: 2 });
    expect(one).toBe(1);
    expect(ndcg(['a'], new Set(['a', 'outside']), { k: 2 })).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
  });

  it('takes gains as they are, not as 2^gain - 1', () => {
    const value = ndcg(['b', 'a'], new Map(Object.entries({ a: 3, b: 1 })), { k: 1 });
    expect(value).toBeCloseTo(1 / 3, 12);
  });

  it('counts negative gains as 0, and is NaN when no gain is positive', () => {
    const some = new Map(Object.entries({ a: -2, b: 1 }));
    expect(ndcg(['a', 'b'], some, { k: 2 })).toBeCloseTo(1 / Math.log2(3), 12);
    expect(ndcg(['a'], new Map(Object.entries({ a: 0, b: -1 })))).toBeNaN();
  });

  it.each([NaN, Infinity])('refuses a gain of %d and names the label', (gain) => {
    expect(() => ndcg(['a'], new Map([['slow burn 🔥', gain]]))).toThrow(
      expect.objectContaining({
        code: 'E_BAD_INPUT',
        message: expect.stringContaining('"slow burn 🔥"') as string,
      }),
    );
  });
});
