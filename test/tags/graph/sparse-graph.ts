import fc from 'fast-check';
import { LogicGraph, type GraphTag } from '../../../src/tags/graph/logic-graph.js';
import type { LogicEdge } from '../../../src/tags/graph/edge-cells.js';
import type { Space } from '../../../src/core/space.js';

/** Tags `item0`, `item1`, ... and `user0`, ... */
export function numberedTags(nItem: number, nUser: number): Record<Space, GraphTag[]> {
  const list = (space: Space, n: number): GraphTag[] =>
    Array.from({ length: n }, (_, i) => ({ id: `id-${space}${i}`, tag: `${space}${i}` }));
  return { item: list('item', nItem), user: list('user', nUser) };
}

/** Random edges between numbered tags; weights of few values, so that ties occur. */
export function someEdges(nItem: number, nUser: number): fc.Arbitrary<LogicEdge[]> {
  const edge = fc.record({
    isI2u: fc.boolean(),
    item: fc.nat(nItem - 1),
    user: fc.nat(nUser - 1),
    weight: fc.constantFrom(0.25, 0.3, 0.5, 0.7, 1),
  });
  return fc.array(
    edge.map(({ isI2u, item, user, weight }): LogicEdge => {
      const [a, b] = [`item${item}`, `user${user}`];
      return isI2u
        ? { direction: 'i2u', source: a, target: b, weight }
        : { direction: 'u2i', source: b, target: a, weight };
    }),
    { maxLength: 60 },
  );
}

/** A graph of numbered tags. */
export function someGraph(nItem: number, nUser: number): fc.Arbitrary<LogicGraph> {
  const tags = numberedTags(nItem, nUser);
  return fc
    .tuple(someEdges(nItem, nUser), fc.integer({ min: 1, max: 6 }))
    .map(([edges, top]) => LogicGraph.build(edges, { top, tags }));
}
