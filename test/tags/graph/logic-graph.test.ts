import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/hash.js';
import { LogicGraph } from '../../../src/tags/graph/logic-graph.js';
import type { LogicEdge } from '../../../src/tags/graph/edge-cells.js';
import { numberedTags, someEdges } from './sparse-graph.js';

const i2u = (source: string, target: string, weight: number): LogicEdge => ({
  direction: 'i2u',
  source,
  target,
  weight,
});

describe('LogicGraph', () => {
  it('divides the weights of a source by the sum of those that stay', () => {
    const graph = LogicGraph.build(
      [i2u('violin', 'symphonist', 0.6), i2u('violin', 'music teacher', 0.2), i2u('violin', 'luthier', 0.1)],
      { top: 2 },
    );
    expect(graph.neighbours('i2u', 'violin').map(({ tag, weight }) => [tag, weight])).toEqual([
      ['symphonist', 0.75],
      ['music teacher', 0.25],
    ]);
    expect(graph.place('user', 'luthier')).toBe(0); // a tag whose only edge went still is a tag
  });

  it('adds up edges of the same two tags, with their votes and the lowest cosine', () => {
    const edge = i2u('violin', 'symphonist', 0.5);
    const graph = LogicGraph.build([
      edge,
      { ...edge, votes: 2, similarity: 0.9 },
      { ...edge, votes: 3, similarity: 0.8 },
      i2u('violin', 'luthier', 0.5),
    ]);
    const [first, second] = graph.neighbours('i2u', 'violin');
    expect(first).toMatchObject({ tag: 'symphonist', weight: 0.75, votes: 6 });
    expect(first!.similarity).toBeCloseTo(0.8, 6);
    expect(second).toMatchObject({ tag: 'luthier', weight: 0.25, votes: 1, similarity: null });
  });

  it('breaks ties by the place of the target', () => {
    const tags = numberedTags(1, 3);
    const edges = ['user2', 'user0', 'user1'].map((target) => i2u('item0', target, 0.5));
    const graph = LogicGraph.build(edges, { top: 2, tags });
    expect(graph.neighbours('i2u', 'item0').map(({ tag }) => tag)).toEqual(['user0', 'user1']);
  });

  it('is the same whatever the order of the edges', () => {
    fc.assert(
      fc.property(
        someEdges(5, 5).chain((edges) =>
          fc.tuple(fc.constant(edges), fc.shuffledSubarray(edges, { minLength: edges.length })),
        ),
        ([edges, shuffled]) => {
          const [a, b] = [LogicGraph.build(edges, { top: 3 }), LogicGraph.build(shuffled, { top: 3 })];
          expect(b.tags).toEqual(a.tags);
          expect(b.matrices).toEqual(a.matrices);
        },
      ),
    );
  });

  it('keeps weights that are shares already as they are', () => {
    const graph = LogicGraph.build([i2u('a', 'b', 0.3), i2u('a', 'c', 0.2)], { areShares: true });
    expect(graph.neighbours('i2u', 'a').map(({ weight }) => weight)).toEqual(
      [0.3, 0.2].map((weight) => Math.fround(weight)),
    );
  });

  it('names a tag by the hash of its text unless told otherwise', () => {
    expect(LogicGraph.build([i2u('violin', 'x', 1)]).tags.item).toEqual([
      { id: sha256('violin').slice(0, 12), tag: 'violin' },
    ]);
    const graph = LogicGraph.build([i2u('violin', 'x', 1)], { idOf: (tag, space) => `${space}-${tag}` });
    expect(graph.tags.user).toEqual([{ id: 'user-x', tag: 'x' }]);
  });

  it('is empty without edges', () => {
    const graph = LogicGraph.build([]);
    expect(graph.tags).toEqual({ item: [], user: [] });
    expect([...graph.edges()]).toEqual([]);
  });

  it('refuses impossible weights, unknown tags and an impossible top', () => {
    for (const weight of [0, -1, NaN, Infinity]) {
      expect(() => LogicGraph.build([i2u('a', 'b', weight)])).toThrow(/edge 0, "a" to "b", has the weight/);
    }
    expect(() => LogicGraph.build([i2u('a', 'user0', 1)], { tags: numberedTags(1, 1) })).toThrow(
      /edge 0 names "a", no item tag/,
    );
    for (const top of [0, 1.5, NaN]) {
      expect(() => LogicGraph.build([], { top })).toThrow(expect.objectContaining({ code: 'E_BAD_OPTION' }));
    }
    const graph = LogicGraph.build([], { tags: numberedTags(1, 1) });
    for (const tag of ['user0', 1, -1, 0.5]) {
      expect(() => graph.neighbours('i2u', tag)).toThrow(expect.objectContaining({ code: 'E_BAD_INPUT' }));
    }
  });
});
