import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogicEdge } from '../../../src/tags/graph/edge-cells.js';
import { graphStatistics } from '../../../src/tags/graph/graph-statistics.js';
import { LogicGraph } from '../../../src/tags/graph/logic-graph.js';
import { numberedTags, someGraph } from './sparse-graph.js';

const edge = (direction: 'i2u' | 'u2i', source: string, target: string): LogicEdge => ({
  direction,
  source,
  target,
  weight: 1,
});

describe('graphStatistics', () => {
  it('counts degrees, counterparts, parts and tags without edges', () => {
    const { matrices } = LogicGraph.build(
      [
        edge('i2u', 'item0', 'user0'),
        edge('i2u', 'item0', 'user1'),
        edge('i2u', 'item1', 'user1'),
        edge('u2i', 'user1', 'item0'),
        edge('u2i', 'user2', 'item2'),
      ],
      { tags: numberedTags(4, 4) },
    );
    expect(graphStatistics(matrices)).toEqual({
      nTags: { item: 4, user: 4 },
      i2u: {
        nEdges: 3,
        outDegree: { min: 0, median: 0.5, mean: 0.75, max: 2 },
        inDegree: { min: 0, median: 0.5, mean: 0.75, max: 2 },
        shareWithoutOut: 0.5,
        shareWithoutIn: 0.5,
        reciprocity: 1 / 3,
      },
      u2i: {
        nEdges: 2,
        outDegree: { min: 0, median: 0.5, mean: 0.5, max: 1 },
        inDegree: { min: 0, median: 0.5, mean: 0.5, max: 1 },
        shareWithoutOut: 0.5,
        shareWithoutIn: 0.5,
        reciprocity: 0.5,
      },
      shareIsolated: { item: 0.25, user: 0.25 },
      nComponents: 2, // item0, item1, user0, user1; item2, user2
      largestComponent: 4,
    });
  });

  it('finds the parts that flooding from every tag finds', () => {
    fc.assert(
      fc.property(someGraph(6, 6), (graph) => {
        const neighbours = new Map<string, Set<string>>();
        const join = (a: string, b: string): void => {
          neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
        };
        for (const { source, target } of graph.edges()) {
          join(source.tag, target.tag);
          join(target.tag, source.tag);
        }
        const seen = new Set<string>();
        const sizes: number[] = [];
        for (const start of neighbours.keys()) {
          const queue = seen.has(start) ? [] : [start];
          let size = 0;
          for (let tag = queue.pop(); tag !== undefined; tag = queue.pop()) {
            if (seen.has(tag)) continue;
            seen.add(tag);
            size++;
            queue.push(...neighbours.get(tag)!);
          }
          if (size > 0) sizes.push(size);
        }
        const { nComponents, largestComponent } = graphStatistics(graph.matrices);
        expect([nComponents, largestComponent]).toEqual([sizes.length, Math.max(0, ...sizes)]);
      }),
    );
  });

  it('gives NaN for what has no tags or edges to stand on', () => {
    const { i2u, shareIsolated, nComponents } = graphStatistics(LogicGraph.build([]).matrices);
    expect(i2u.reciprocity).toBeNaN();
    expect(i2u.outDegree.mean).toBeNaN();
    expect(shareIsolated.item).toBeNaN();
    expect(nComponents).toBe(0);
  });
});
