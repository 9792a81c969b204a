import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SparseRows } from '../../../src/core/sparse.js';
import { Explorer, type Exploration, type ExploreOptions } from '../../../src/tags/graph/explorer.js';
import { LogicGraph } from '../../../src/tags/graph/logic-graph.js';
import type { LogicMatrices } from '../../../src/tags/graph/logic-matrices.js';
import type { WeightedTags } from '../../../src/tags/graph/weighted-tags.js';
import { numberedTags, someGraph } from './sparse-graph.js';

type Ranked = readonly (readonly [tag: number, weight: number])[];

/** The definition, over dense vectors. */
function plainStep(
  rows: SparseRows,
  from: Ranked,
  { keep, isHard, without }: { keep: number; isHard: boolean; without: ReadonlySet<number> },
): Ranked {
  const scores = new Array<number>(rows.nColumns).fill(0);
  const arrivals = new Array<number>(rows.nColumns).fill(0);
  for (const [tag, weight] of from) {
    for (let cell = rows.offsets[tag]!; cell < rows.offsets[tag + 1]!; cell++) {
      scores[rows.indices[cell]!]! += weight * rows.values[cell]!;
      arrivals[rows.indices[cell]!]!++;
    }
  }
  const order = [...scores.keys()]
    .filter((tag) => arrivals[tag]! > 0 && !without.has(tag))
    .sort((a, b) => (isHard ? arrivals[b]! - arrivals[a]! : 0) || scores[b]! - scores[a]! || a - b)
    .slice(0, keep);
  const total = order.reduce((sum, tag) => sum + scores[tag]!, 0);
  return order.map((tag) => [tag, isHard ? 1 / order.length : scores[tag]! / total]);
}

function plainExplore(
  { u2i, i2u }: LogicMatrices,
  seeds: Ranked,
  { mode = 'soft', keep = Math.max(seeds.length, 1), newOnly = false }: ExploreOptions,
): { between: Ranked; reached: Ranked } {
  const isHard = mode === 'hard';
  const total = seeds.reduce((sum, [, weight]) => sum + weight, 0);
  const start = seeds
    .filter(([, weight]) => weight > 0)
    .map(([tag, weight]) => [tag, weight / total] as const);
  const none: ReadonlySet<number> = new Set();
  const between = plainStep(u2i, start, { keep, isHard, without: none });
  const without = newOnly ? new Set(seeds.map(([tag]) => tag)) : none;
  return { between, reached: plainStep(i2u, between, { keep, isHard, without }) };
}

const toSeeds = (ranked: Ranked): WeightedTags => ({
  ids: ranked.map(([tag]) => tag),
  weights: ranked.map(([, weight]) => weight),
});
const toRanked = ({ ids, weights }: WeightedTags): Ranked =>
  Array.from(ids, (id, i) => [id, weights[i]!] as const);
const bothOf = ({ between, reached }: Exploration) => ({
  between: toRanked(between),
  reached: toRanked(reached),
});

function expectClose(found: Ranked, wanted: Ranked): void {
  expect(found.map(([tag]) => tag)).toEqual(wanted.map(([tag]) => tag));
  found.forEach(([, weight], i) => expect(weight).toBeCloseTo(wanted[i]![1], 12));
}

const [nItem, nUser] = [7, 6];
const options = fc.record({
  mode: fc.constantFrom('soft' as const, 'hard' as const),
  newOnly: fc.boolean(),
  keep: fc.integer({ min: 1, max: 8 }),
});
// Sixteenths add up without rounding, so that ties are ties in any order of summing.
const weight = fc.nat(16).map((n) => n / 16);
const seedsOf = (n: number): fc.Arbitrary<Ranked> =>
  fc.uniqueArray(fc.tuple(fc.nat(n - 1), weight), { selector: ([tag]) => tag, maxLength: n });

describe('Explorer', () => {
  it('follows U2I to the topics, then I2U to other roles, as the definition over dense vectors does', () => {
    fc.assert(
      fc.property(someGraph(nItem, nUser), seedsOf(nUser), options, ({ matrices }, seeds, how) => {
        const { between, reached } = bothOf(new Explorer(matrices).explore(toSeeds(seeds), how));
        const wanted = plainExplore(matrices, seeds, how);
        expectClose(between, wanted.between);
        expectClose(reached, wanted.reached);
      }),
      { numRuns: 500 },
    );
  });

  it('explores from item tags as it does from user tags of the mirrored graph', () => {
    fc.assert(
      fc.property(someGraph(nItem, nUser), seedsOf(nItem), options, ({ matrices }, seeds, how) => {
        const mirrored = { i2u: matrices.u2i, u2i: matrices.i2u };
        const found = new Explorer(matrices, { from: 'item' }).explore(toSeeds(seeds), how);
        expect(bothOf(found)).toEqual(bothOf(new Explorer(mirrored).explore(toSeeds(seeds), how)));
      }),
    );
  });

  it('answers alike however often it was asked before: no scratch is left behind', () => {
    fc.assert(
      fc.property(
        someGraph(nItem, nUser),
        fc.array(fc.tuple(seedsOf(nUser), options), { minLength: 2, maxLength: 5 }),
        ({ matrices }, calls) => {
          const reused = new Explorer(matrices);
          for (const [seeds, how] of calls) {
            expect(bothOf(reused.explore(toSeeds(seeds), how))).toEqual(
              bothOf(new Explorer(matrices).explore(toSeeds(seeds), how)),
            );
          }
        },
      ),
    );
  });

  it('works a small example through', () => {
    const tags = numberedTags(2, 3);
    const graph = LogicGraph.build(
      [
        { direction: 'u2i', source: 'user0', target: 'item0', weight: 3 },
        { direction: 'u2i', source: 'user0', target: 'item1', weight: 1 },
        { direction: 'u2i', source: 'user1', target: 'item1', weight: 1 },
        { direction: 'i2u', source: 'item0', target: 'user0', weight: 1 },
        { direction: 'i2u', source: 'item1', target: 'user0', weight: 1 },
        { direction: 'i2u', source: 'item1', target: 'user2', weight: 3 },
      ],
      { tags },
    );
    const explorer = new Explorer(graph.matrices);
    const seeds = { ids: [0, 1], weights: [2, 2] };
    // C1: item0 = 1/2 * 3/4 = 3/8, item1 = 1/2 * 1/4 + 1/2 = 5/8. T1: user0 = 3/8 + 5/8 * 1/4, user2 = 5/8 * 3/4.
    expect(bothOf(explorer.explore(seeds))).toEqual({
      between: [
        [1, 5 / 8],
        [0, 3 / 8],
      ],
      reached: [
        [0, 17 / 32],
        [2, 15 / 32],
      ],
    });
    expect(bothOf(explorer.explore(seeds, { newOnly: true })).reached).toEqual([[2, 1]]);
    // Two edges arrive at item1, one at item0; from item1 one edge each to user0 and, heavier, to user2.
    expect(bothOf(explorer.explore(seeds, { mode: 'hard', keep: 1 }))).toEqual({
      between: [[1, 1]],
      reached: [[2, 1]],
    });
  });

  it('leads nowhere from no seeds, from seeds of weight 0 and from tags without edges', () => {
    const { matrices } = LogicGraph.build([], { tags: numberedTags(2, 2) });
    const explorer = new Explorer(matrices);
    for (const seeds of [
      { ids: [], weights: [] },
      { ids: [0], weights: [0] },
      { ids: [1], weights: [1] },
    ]) {
      expect(bothOf(explorer.explore(seeds))).toEqual({ between: [], reached: [] });
    }
  });

  it('refuses unknown seeds and impossible weights, and goes on as if they had not been', () => {
    const graph = LogicGraph.build(
      [
        { direction: 'u2i', source: 'user0', target: 'item0', weight: 1 },
        { direction: 'i2u', source: 'item0', target: 'user1', weight: 1 },
      ],
      { tags: numberedTags(1, 2) },
    );
    const explorer = new Explorer(graph.matrices);
    for (const seeds of [
      { ids: [0, 2], weights: [1, 1] },
      { ids: [0, -1], weights: [1, 1] },
      { ids: [0, 0.5], weights: [1, 1] },
      { ids: [0, 1], weights: [1, NaN] },
      { ids: [0, 1], weights: [1, -1] },
      { ids: [0, 1], weights: [1] },
    ]) {
      expect(() => explorer.explore(seeds)).toThrow(expect.objectContaining({ code: 'E_BAD_INPUT' }));
    }
    expect(() => explorer.explore({ ids: [0], weights: [1] }, { keep: 0 })).toThrow(
      expect.objectContaining({ code: 'E_BAD_K' }),
    );
    expect(bothOf(explorer.explore({ ids: [0], weights: [1] }))).toEqual({
      between: [[0, 1]],
      reached: [[1, 1]],
    });
  });
});
