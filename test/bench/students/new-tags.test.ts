import { describe, expect, it } from 'vitest';
import type { BenchItem, BenchSplit } from '../../../bench/students/data/bench-split.js';
import { expectedNdcg, expectedRecall } from '../../../bench/students/new-tags/expected-at-random.js';
import { heldOutTags, newTruth, withoutTags } from '../../../bench/students/new-tags/hold-out.js';
import { newTagsMarkdown } from '../../../bench/students/new-tags/markdown.js';
import { byCosine } from '../../../bench/students/new-tags/rankers.js';
import type { NewTagsRun } from '../../../bench/students/new-tags/rank-new-tags.js';
import { scoreNewTags } from '../../../bench/students/new-tags/score-new-tags.js';
import { ndcg } from '../../../src/metrics/ndcg.js';
import { recall } from '../../../src/metrics/recall.js';

const item = (id: string, ...tags: string[]): BenchItem => ({
  id,
  text: id,
  item_tags: tags.map((tag) => [tag, null] as const),
});
const names = Array.from({ length: 1000 }, (_, i) => `tag ${i}`);
const split: BenchSplit = { train: names.map((tag, i) => item(`t${i}`, tag)), test: [item('a', 'unseen')] };

describe('held-out tags', () => {
  const drawn = heldOutTags(split, 'item', 1);

  it('are about a tenth of the training tags, the same for a seed and others for another', () => {
    expect(drawn.length).toBeGreaterThan(60);
    expect(drawn.length).toBeLessThan(140);
    expect(names).toEqual(expect.arrayContaining(drawn));
    expect(heldOutTags(split, 'item', 1)).toEqual(drawn);
    expect(heldOutTags(split, 'item', 2)).not.toEqual(drawn);
  });

  it('stand in an order that says nothing of them, since equal scores keep it', () => {
    const places = drawn.map((tag) => names.indexOf(tag));
    expect(places).not.toEqual(places.toSorted((a, b) => a - b));
  });

  it('leave the labels of their space alone, and items stay even without a tag', () => {
    const both: BenchItem = { ...item('a', 'x', 'y'), user_tags: [['x', 0.5]] };
    const rest = withoutTags([both, item('b', 'x')], { item: new Set(['x']), user: new Set() });
    expect(rest[0]).toMatchObject({ item_tags: [['y', null]], user_tags: [['x', 0.5]] });
    expect(rest[1]).toMatchObject({ id: 'b', item_tags: [] });
    expect(newTruth(both, 'item', new Set(['x', 'z']))).toEqual(new Set(['x']));
  });
});

describe('the expected figures of a random order', () => {
  it.each([
    [1, 5, 3],
    [2, 5, 3],
    [4, 5, 3],
    [2, 3, 10],
  ])('are the mean over all orders: %i true of %i, at %i', (nTrue, nTags, k) => {
    const truth = new Set(Array.from({ length: nTrue }, (_, i) => i));
    const all = permutations(Array.from({ length: nTags }, (_, i) => i));
    const meanOf = (of: (order: number[]) => number) => all.reduce((sum, o) => sum + of(o), 0) / all.length;
    expect(expectedNdcg(nTrue, nTags, k)).toBeCloseTo(
      meanOf((order) => ndcg(order, truth, { k })),
      12,
    );
    expect(expectedRecall(nTags, k)).toBeCloseTo(
      meanOf((order) => recall(order, truth, { k })),
      12,
    );
  });
});

describe('scoreNewTags', () => {
  const test = [item('a', 'x', 'old'), item('b', 'old'), item('c', 'y')];
  const run: NewTagsRun = {
    item: {
      heldOut: ['x', 'y'],
      rankings: {
        student: [['x', 'y'], null, ['y', 'x']],
        cosine: [['y', 'x'], null, ['y', 'x']],
        overlap: [['y', 'x'], null, ['x', 'y']],
        ceiling: [['x', 'y'], null, ['y', 'x']],
      },
    },
  };
  const spaces = scoreNewTags([{ split: { train: [], test }, run }]);
  const second = 1 / Math.log2(3);

  it('takes an item’s held-out tags as its whole truth, and leaves out items without any', () => {
    const { rankers, random, nItems, nTags } = spaces.item!;
    expect([nItems, nTags]).toEqual([[2], [2]]);
    expect(rankers.student.ndcg).toBe(1);
    expect(rankers.cosine.ndcg).toBeCloseTo((1 + second) / 2, 6);
    expect(rankers.overlap.ndcg).toBeCloseTo(second, 6);
    expect(random.ndcg).toBeCloseTo((1 + second) / 2, 6);
    expect(spaces.user).toBeUndefined();
  });

  it('holds the student against the cosine, and writes it down', () => {
    expect(spaces.item!.toCosine.ndcg.mean).toBeCloseTo((1 - second) / 2, 6);
    const lines = newTagsMarkdown({ name: 'made', seeds: [1], spaces });
    expect(lines).toContain('Tags to rank 2; items 2.');
    expect(lines).toContain('| student that never saw these tags | 1.0000 | 1.0000 |');
    expect(lines).toContain('less cosine, 95 % interval: nDCG@10 +.1845 [');
  });
});

it('ranks by the cosine of text and tag, and keeps the order given of tags that say nothing', async () => {
  const rank = await byCosine();
  const tags = ['☃', 'tax law', '☂', 'gardening'];
  const ranked = await rank('How do I grow roses and prune shrubs in my garden?', tags, 'item');
  expect(ranked[0]).toBe('gardening');
  expect(ranked.filter((tag) => tag === '☃' || tag === '☂')).toEqual(['☃', '☂']);
});

function permutations(of: readonly number[]): number[][] {
  if (of.length === 0) return [[]];
  return of.flatMap((first) =>
    permutations(of.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}
