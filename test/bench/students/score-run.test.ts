import { describe, expect, it } from 'vitest';
import type { BenchSplit } from '../../../bench/students/data/bench-split.js';
import { scoreRun, spaceFacts } from '../../../bench/students/score-run.js';
import type { BenchRanking, SystemRun } from '../../../bench/students/system-run.js';

const item = (id: string, ...tags: string[]) => ({
  id,
  text: id,
  item_tags: tags.map((tag) => [tag, null] as const),
});
const split: BenchSplit = {
  train: [...Array.from({ length: 5 }, (_, i) => item(`t${i}`, 'often')), item('t5', 'rare')],
  test: [item('a', 'often', 'rare'), item('b', 'often', 'new'), item('c')],
};
const ranking = (...tags: string[]): BenchRanking => tags.map((tag, i) => [tag, 1 - i / 10]);
const run = (...rankings: BenchRanking[]): SystemRun => ({
  rankings: { item: rankings },
  trainSeconds: 0,
  trainCpuSeconds: 0,
  predictSeconds: 0,
  peakRssBytes: 0,
  sizeBytes: 0,
  notes: [],
});

describe('scoreRun', () => {
  it('counts tags that training never used in the ideal, and leaves out items without tags', () => {
    const { means, perItem } = scoreRun(
      run(ranking('often', 'rare'), ranking('often'), ranking('rare')),
      split,
    ).item!;
    const halfFound = 1 / (1 + 1 / Math.log2(3));
    expect(means['P@1']).toBe(1);
    expect(means['nDCG@5']).toBeCloseTo((1 + halfFound) / 2, 12);
    expect(perItem['P@1'][2]).toBeNaN();
  });

  it('takes the tags of one to four training uses as tail, and items that have any', () => {
    const tailFound = scoreRun(run(ranking('rare'), ranking('often'), ranking()), split).item!.means;
    const tailMissed = scoreRun(run(ranking('often'), ranking('often'), ranking()), split).item!.means;
    expect([tailFound['tail recall@10'], tailFound['tail nDCG@10']]).toEqual([1, 1]);
    expect([tailMissed['tail recall@10'], tailMissed['tail nDCG@10']]).toEqual([0, 0]);
  });

  it('reports slices apart', () => {
    const sliced = { ...split, test: split.test.map((of, i) => ({ ...of, slice: i === 0 ? 'x' : 'y' })) };
    const { slices } = scoreRun(run(ranking('often', 'rare'), ranking('no'), ranking()), sliced).item!;
    expect(slices).toEqual({
      x: { nItems: 1, 'nDCG@5': 1, 'nDCG@10': 1 },
      y: { nItems: 1, 'nDCG@5': 0, 'nDCG@10': 0 },
    });
  });
});

describe('spaceFacts', () => {
  it('shares the test uses out among tail and never seen tags', () => {
    expect(spaceFacts(split, 'item')).toEqual({ nTags: 2, tailShare: 0.25, unseenShare: 0.25 });
  });
});
