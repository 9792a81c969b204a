import { describe, expect, it } from 'vitest';
import { mkdir } from 'node:fs/promises';
import { packagePath } from '../../../src/core/package-info.js';
import { buildLogic, type CoverTag } from '../../../src/tags/library/logic-build.js';
import { writeTagEdges, type GivenEdge } from '../../support/edge-dataset.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { toyVectors } from '../../support/toy-vectors.js';

const folder = temporaryFolder();
let nFolders = 0;

async function edgesIn(edges: readonly GivenEdge[]): Promise<string> {
  const dir = folder.path(`edges-${nFolders++}`);
  await writeTagEdges(dir, edges);
  return dir;
}

const i2u = (source: string, target: string, more: Partial<GivenEdge> = {}): GivenEdge => ({
  direction: 'i2u',
  source,
  target,
  ...more,
});
const cover = (...tags: string[]): CoverTag[] => tags.map((tag) => ({ id: `id-${tag}`, tag }));

describe('buildLogic', () => {
  it('weighs by strength times votes, over all answers and data sets', async () => {
    const first = await edgesIn([
      i2u('violin', 'symphonist', { score: 0.5, votes: 2, samples: 2 }),
      i2u('violin', 'luthier', { score: 0.25, votes: 1, samples: 2 }),
    ]);
    const second = await edgesIn([i2u('violin', 'luthier', { score: 0.75 })]);
    const { graph, report } = await buildLogic([first, second]);
    expect(graph.neighbours('i2u', 'violin').map(({ tag, weight, votes }) => [tag, weight, votes])).toEqual([
      ['luthier', 0.5, 2],
      ['symphonist', 0.5, 2],
    ]);
    expect(report.nAnswered).toEqual({ i2u: 3, u2i: 0 });
  });

  it('discounts by rank where no strength was given, and leaves out what has no vote or no strength', async () => {
    const dir = await edgesIn([
      i2u('a', 'first', { score: null, rank: 0 }),
      i2u('a', 'third', { score: null, rank: 2 }),
      i2u('a', 'never', { score: 0 }),
      i2u('a', 'nobody', { votes: 0 }),
    ]);
    const { graph } = await buildLogic([dir]);
    expect(graph.neighbours('i2u', 'a').map(({ tag, weight }) => [tag, weight])).toEqual([
      ['first', Math.fround(2 / 3)],
      ['third', Math.fround(1 / 3)],
    ]);
    expect(graph.place('user', 'never')).toBeUndefined();
  });

  it('merges spellings on the full sets', async () => {
    const dir = await edgesIn([
      i2u('mothers', 'night-owl'),
      i2u('mothers', 'night owl'),
      i2u('Mother', 'night owls'),
    ]);
    const { graph } = await buildLogic([dir]);
    expect(graph.tags.item.map(({ tag }) => tag)).toHaveLength(1);
    expect(graph.tags.user.map(({ tag }) => tag)).toHaveLength(1);
    expect(graph.neighbours('i2u', 0)[0]!.votes).toBe(3);
  });

  it('maps both ends on given tags by name, and reports what named none', async () => {
    const dir = await edgesIn([
      i2u('violin', 'Symphonist'),
      i2u('fiddle', 'luthier'),
      i2u('violin', 'luthiers'),
      i2u('violin', 'bow maker'),
      i2u('cello', 'luthier'),
    ]);
    const tags = {
      item: [{ id: '1', tag: 'violin', aliases: ['fiddle'] }],
      user: cover('luthier', 'symphonist'),
    };
    const { graph, report } = await buildLogic([dir], { tags });
    expect(graph.neighbours('i2u', 'violin').map(({ tag, votes }) => [tag, votes])).toEqual([
      ['luthier', 2],
      ['symphonist', 1],
    ]);
    expect(report.nMapped).toEqual({ i2u: 3, u2i: 0 });
    expect(report.sources.i2u).toMatchObject({
      exact: { nTags: 1, nUses: 3 },
      alias: { nTags: 1, nUses: 1 },
      none: { nTags: 1, nUses: 1 },
    });
    expect(report.targets.i2u).toMatchObject({
      exact: { nTags: 1, nUses: 2 },
      spelling: { nTags: 2, nUses: 2 },
      none: { nTags: 1, nUses: 1 },
    });
  });

  it('takes an answer for the nearest tag only where asked, weighs it by the cosine and marks the edge', async () => {
    const dir = await edgesIn([i2u('a', 'x'), i2u('a', 'y:0.8'), i2u('a', 'x:0.6'), i2u('a', 'mute')]);
    const tags = { item: cover('a'), user: cover('x', 'y') };
    const vectorOf = toyVectors(['x', 'y']);
    const named = await buildLogic([dir], { tags });
    expect(named.graph.nEdges('i2u')).toBe(1);
    const { graph, report } = await buildLogic([dir], {
      tags,
      near: { vectorOf, threshold: 0.7, isUnguarded: true },
    });
    const edges = graph.neighbours('i2u', 'a');
    expect(edges.map(({ tag }) => tag)).toEqual(['x', 'y']);
    expect(edges[1]!.weight / edges[0]!.weight).toBeCloseTo(0.8, 6);
    expect(edges[0]!.similarity).toBeNull();
    expect(edges[1]!.similarity).toBeCloseTo(0.8, 6);
    expect(report.targets.i2u).toMatchObject({ near: { nTags: 1, nUses: 1 }, none: { nTags: 2, nUses: 2 } });
  });

  it('gives a graph without edges where no data set has answers', async () => {
    const dir = folder.path('nothing');
    await mkdir(dir);
    const { graph, report } = await buildLogic([dir], { tags: { item: cover('a'), user: [] } });
    expect(graph.tags.item).toHaveLength(1);
    expect(graph.nEdges('i2u') + graph.nEdges('u2i')).toBe(0);
    expect(report.nAnswered).toEqual({ i2u: 0, u2i: 0 });
  });

  it('names file and row of numbers and names that cannot be', async () => {
    for (const [wrong, message] of [
      [{ direction: 'sideways' as 'i2u' }, 'direction is "sideways"'],
      [{ source: ' ' }, 'the source tag is empty'],
      [{ target_raw: '' }, 'the target tag is empty'],
      [{ score: NaN }, 'the score is NaN'],
      [{ score: 1.5 }, 'the score is 1.5'],
      [{ votes: -1 }, 'the votes are -1'],
      [{ rank: -1 }, 'the rank is -1'],
    ] as const) {
      const dir = await edgesIn([i2u('a', 'b'), i2u('a', 'c', wrong)]);
      await expect(buildLogic([dir])).rejects.toMatchObject({
        code: 'E_BAD_ROW',
        row: 1,
        message: expect.stringContaining(message),
      });
    }
  });

  it('stops when told to', async () => {
    const dir = await edgesIn([i2u('a', 'b')]);
    await expect(buildLogic([dir], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
  });

  it('builds the graph of the books: 20 edges of a source or fewer, shares that add up to 1', async () => {
    const { graph, report } = await buildLogic([packagePath('datasets', 'books')]);
    expect(report.nAnswered).toEqual({ i2u: 6720, u2i: 6080 });
    expect(report.nMapped).toEqual(report.nAnswered);
    for (const { offsets, values } of [graph.matrices.i2u, graph.matrices.u2i]) {
      for (let row = 0; row + 1 < offsets.length; row++) {
        const shares = values.subarray(offsets[row], offsets[row + 1]);
        expect(shares.length).toBeLessThanOrEqual(20);
        if (shares.length > 0) expect(shares.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      }
    }
  });
});
