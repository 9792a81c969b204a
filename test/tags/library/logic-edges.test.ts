import { mkdir, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ArrowFileWriter } from '../../../src/dataset/arrow-writer.js';
import type { LogicEdgeRow } from '../../../src/dataset/rows.js';
import { LogicGraph } from '../../../src/tags/graph/logic-graph.js';
import {
  readCoverTags,
  readLibraryGraph,
  readLogicEdges,
  writeLogicEdges,
} from '../../../src/tags/library/logic-edges.js';
import { writeCoverSet } from '../../support/edge-dataset.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import fc from 'fast-check';
import { numberedTags, someGraph } from '../graph/sparse-graph.js';

const folder = temporaryFolder();

const ROW: LogicEdgeRow = {
  direction: 'i2u',
  source_id: 'id-violin',
  target_id: 'id-luthier',
  source: 'violin',
  target: 'luthier',
  weight: 1,
  votes: 1,
  similarity: null,
};

async function writeRows(name: string, rows: readonly Partial<LogicEdgeRow>[]): Promise<string> {
  const path = folder.path(name);
  const writer = await ArrowFileWriter.create(path, 'logic_edges');
  await writer.appendAll(rows.map((row) => ({ ...ROW, ...row })));
  await writer.close();
  return path;
}

describe('writeLogicEdges and readLogicEdges', () => {
  it('give back the graph to the last bit, given its tags', async () => {
    const path = folder.path('graph.arrow');
    await fc.assert(
      fc.asyncProperty(someGraph(5, 4), async (graph) => {
        await writeLogicEdges(path, graph);
        const read = await readLogicEdges(path, { tags: graph.tags });
        expect(read.matrices).toEqual(graph.matrices);
        expect([...read.edges()]).toEqual([...graph.edges()]);
      }),
      { numRuns: 30 },
    );
  });

  it('find the tags in the edges where none are given', async () => {
    const graph = LogicGraph.build([{ direction: 'i2u', source: 'violin', target: '🎻 luthier', weight: 1 }]);
    const path = folder.path('own.arrow');
    await writeLogicEdges(path, graph);
    expect((await readLogicEdges(path)).tags).toEqual(graph.tags);
  });

  it('find tags by id, so that a tag may be printed anew, and leave out edges of other tags', async () => {
    const path = await writeRows('renamed.arrow', [
      {},
      { target_id: 'id-gone', target: 'gone', weight: 0.5 },
    ]);
    const tags = {
      item: [{ id: 'id-violin', tag: 'Violin' }],
      user: [{ id: 'id-luthier', tag: 'violin maker' }],
    };
    const graph = await readLogicEdges(path, { tags });
    expect(graph.neighbours('i2u', 'Violin').map(({ tag }) => tag)).toEqual(['violin maker']);
  });

  it('name file and row of what cannot be', async () => {
    for (const [name, wrong, message] of [
      ['direction', { direction: 'x' as 'i2u' }, 'direction is "x"'],
      ['weight', { weight: NaN }, 'the weight is NaN'],
      ['zero', { weight: 0 }, 'the weight is 0'],
      ['ids', { source_id: 'other' }, '"violin" has the ids id-violin and other'],
    ] as const) {
      const path = await writeRows(`${name}.arrow`, [{}, wrong]);
      await expect(readLogicEdges(path)).rejects.toMatchObject({
        code: 'E_BAD_ROW',
        row: 1,
        file: path,
        message: expect.stringContaining(message),
      });
    }
    await expect(readLogicEdges(folder.path('absent.arrow'))).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
    });
  });

  it('leave nothing behind where the file cannot be written', async () => {
    const graph = LogicGraph.build([], { tags: numberedTags(1, 1) });
    const dir = folder.path('not-a-file');
    await mkdir(dir);
    await expect(writeLogicEdges(dir, graph)).rejects.toMatchObject({ code: 'E_FILE_WRITE' });
    expect((await readdir(folder.path(''))).filter((name) => name.includes('.tmp-'))).toEqual([]);
  });
});

describe('readLibraryGraph', () => {
  it('stands on the live tags of the cover set, those without edges too', async () => {
    const library = folder.path('library');
    await writeCoverSet(library, [
      { space: 'item', tag: 'violin', aliases: ['fiddle'] },
      { space: 'item', tag: 'opera', status: 'retired' },
      { space: 'user', tag: 'luthier' },
      { space: 'user', tag: 'dancer' },
    ]);
    await writeRows('library/logic_edges.arrow', [{}, { source_id: 'id-opera', source: 'opera' }]);
    const graph = await readLibraryGraph(library);
    expect(graph.tags.item.map(({ tag }) => tag)).toEqual(['violin']);
    expect(graph.tags.user.map(({ tag }) => tag)).toEqual(['luthier', 'dancer']);
    expect(graph.nEdges('i2u')).toBe(1);
    expect((await readCoverTags(library)).item).toEqual([
      { id: 'id-violin', tag: 'violin', aliases: ['fiddle'] },
    ]);
  });

  it('refuses a cover set in which an id comes twice, or a space is none', async () => {
    const twice = folder.path('twice');
    await writeCoverSet(twice, [
      { space: 'item', tag: 'a', tag_id: 'x' },
      { space: 'item', tag: 'b', tag_id: 'x' },
    ]);
    await expect(readCoverTags(twice)).rejects.toMatchObject({ code: 'E_BAD_ROW', row: 1 });
    const wrong = folder.path('wrong');
    await writeCoverSet(wrong, [{ space: 'place' as 'item', tag: 'a' }]);
    await expect(readCoverTags(wrong)).rejects.toMatchObject({ code: 'E_BAD_ROW', row: 0 });
  });
});
