import { describe, expect } from 'vitest';
import { graphmlLines } from '../../src/tags/graph/graphml.js';
import { graphStatistics } from '../../src/tags/graph/graph-statistics.js';
import { LogicGraph } from '../../src/tags/graph/logic-graph.js';
import { SOURCE_SPACE, TARGET_SPACE } from '../../src/tags/graph/direction.js';
import { buildLogic } from '../../src/tags/library/logic-build.js';
import { packagePath } from '../../src/core/package-info.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { itWithPython, runPython } from './python.js';

interface Opened {
  readonly nodes: Readonly<Record<string, { readonly tag: string; readonly space: string }>>;
  readonly edges: readonly (readonly [
    string,
    string,
    { direction: string; weight: number; votes: number },
  ])[];
  readonly components: number;
  readonly largest: number;
  readonly reciprocity: number;
}

const folder = temporaryFolder();

async function openWithNetworkx(graph: LogicGraph): Promise<Opened> {
  const file = await folder.write('graph.graphml', [...graphmlLines(graph)].join('\n'));
  return JSON.parse(await runPython('graphml.py', file)) as Opened;
}

describe('graphmlLines', () => {
  itWithPython(
    ['networkx'],
    'networkx reads every node and edge of the books, and counts as we do',
    async () => {
      const { graph } = await buildLogic([packagePath('datasets', 'books')]);
      const { nodes, edges, components, largest, reciprocity } = await openWithNetworkx(graph);
      const wantedNodes = (['item', 'user'] as const).flatMap((space) =>
        graph.tags[space].map(({ id, tag }): [string, object] => [`${space}:${id}`, { tag, space }]),
      );
      expect(nodes).toEqual(Object.fromEntries(wantedNodes));
      const wanted = Array.from(graph.edges(), ({ direction, source, target }) => {
        const { weight, votes } = target;
        return [
          `${SOURCE_SPACE[direction]}:${source.id}`,
          `${TARGET_SPACE[direction]}:${target.id}`,
          { direction, weight, votes },
        ];
      });
      expect([...edges].map((edge) => JSON.stringify(edge)).sort()).toEqual(
        wanted.map((edge) => JSON.stringify(edge)).sort(),
      );
      const { i2u, u2i, nComponents, largestComponent } = graphStatistics(graph.matrices);
      expect([nComponents, largestComponent]).toEqual([components, largest]);
      const nBack = i2u.reciprocity * i2u.nEdges + u2i.reciprocity * u2i.nEdges;
      expect(nBack / (i2u.nEdges + u2i.nEdges)).toBeCloseTo(reciprocity, 12);
    },
  );

  itWithPython(['networkx'], 'tags of markup, emoji, Chinese and broken text stay readable', async () => {
    const tags = ['<b> & "x"', '🙂 👩‍👩‍👧', '历史爱好者', 'a\u0000b\u001fc', 'lone \ud800 surrogate', ']]>'];
    const graph = LogicGraph.build(
      tags.map((source) => ({ direction: 'i2u' as const, source, target: 'reader', weight: 1 })),
    );
    const { nodes } = await openWithNetworkx(graph);
    const found = Object.values(nodes).flatMap(({ tag, space }) => (space === 'item' ? [tag] : []));
    expect(found.sort()).toEqual(
      ['<b> & "x"', '🙂 👩‍👩‍👧', '历史爱好者', 'a\ufffdb\ufffdc', 'lone \ufffd surrogate', ']]>'].sort(),
    );
  });
});
