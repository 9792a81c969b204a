import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mean,
  ndcg,
  precision,
  RANKING_METRICS,
  RankingReport,
  recall,
  reciprocalRank,
} from '../../src/metrics/index.js';
import { ranking, truth } from './arbitraries.js';

describe('RankingReport', () => {
  it('gives the mean of each metric over items', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ranking, truth), { minLength: 1, maxLength: 20 }), (items) => {
        const report = new RankingReport<number>();
        for (const [ranking, truth] of items) report.add(ranking, truth);
        const { means } = report.finish();
        const over = (metric: typeof precision, k?: number): number =>
          mean(items.map(([ranking, truth]) => metric(ranking, truth, k === undefined ? {} : { k }))).value;
        expect(means['P@3']).toBeCloseTo(over(precision, 3), 12);
        expect(means['nDCG@5']).toBeCloseTo(over(ndcg, 5), 12);
        expect(means['Recall@10']).toBeCloseTo(over(recall, 10), 12);
        expect(means.MRR).toBeCloseTo(over(reciprocalRank), 12);
      }),
    );
  });

  it('leaves items without labels out of the means and counts them', () => {
    const report = new RankingReport<string>();
    report.add(['a'], new Set(['a']));
    report.add(['a', 'b', 'c'], new Set());
    const { means, nItems, nWithoutLabels, depth } = report.finish();
    expect({ nItems, nWithoutLabels, depth }).toEqual({ nItems: 1, nWithoutLabels: 1, depth: 1 });
    expect(means['P@1']).toBe(1);
  });

  it('treats an item whose gains are all 0 as one without labels, in every metric', () => {
    const report = new RankingReport<string>({ keep: ['P@1'] });
    report.add(['a'], new Map([['a', 0]]));
    const { nItems, nWithoutLabels, perItem } = report.finish();
    expect({ nItems, nWithoutLabels }).toEqual({ nItems: 0, nWithoutLabels: 1 });
    expect(perItem['P@1']).toEqual(new Float32Array([NaN]));
  });

  it('keeps per-item values only of the metrics asked for, in order, NaN where left out', () => {
    const report = new RankingReport<string>({ keep: ['nDCG@1'] });
    report.add(['a'], new Set(['a']));
    report.add(['a'], new Set());
    report.add(['a'], new Set(['b']));
    expect(report.finish().perItem).toEqual({ 'nDCG@1': new Float32Array([1, NaN, 0]) });
  });

  it('keeps every value of more items than it first made room for', () => {
    const report = new RankingReport<number>({ keep: ['MRR'] });
    for (let i = 0; i < 1000; i++) report.add([0, 1], new Set([i % 2]));
    const values = report.finish().perItem.MRR!;
    expect(values).toHaveLength(1000);
    expect(values.every((value, i) => value === (i % 2 === 0 ? 1 : 0.5))).toBe(true);
  });

  it('does not count an item that it refuses', () => {
    const report = new RankingReport<string>({ keep: ['P@1'] });
    expect(() => report.add(['a'], new Map([['a', NaN]]))).toThrow(/gain/);
    expect(report.finish()).toMatchObject({
      nItems: 0,
      nWithoutLabels: 0,
      perItem: { 'P@1': new Float32Array() },
    });
  });

  it('has NaN for every figure before the first item', () => {
    const { means } = new RankingReport().finish();
    expect(Object.keys(means)).toEqual([...RANKING_METRICS]);
    expect(Object.values(means).every(Number.isNaN)).toBe(true);
  });
});
