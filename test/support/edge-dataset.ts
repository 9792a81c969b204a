import { mkdir } from 'node:fs/promises';
import { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import { tablePath } from '../../src/dataset/files.js';
import type { CoverSetRow, TagEdgeRow } from '../../src/dataset/rows.js';

/** What matters of an edge; the rest is filled in. */
export type GivenEdge = Pick<TagEdgeRow, 'direction' | 'source' | 'target'> & Partial<TagEdgeRow>;

/** Write a folder that has nothing but tag edges. */
export async function writeTagEdges(dir: string, edges: readonly GivenEdge[]): Promise<void> {
  await mkdir(dir, { recursive: true });
  const writer = await ArrowFileWriter.create(tablePath(dir, 'tag_edges'), 'tag_edges');
  await writer.appendAll(
    edges.map((edge) => ({
      target_raw: edge.target,
      rank: 0,
      score: 1,
      votes: 1,
      samples: 1,
      call_keys: [],
      ...edge,
    })),
  );
  await writer.close();
}

/** Write a folder that has nothing but a cover set. */
export async function writeCoverSet(
  dir: string,
  tags: readonly (Pick<CoverSetRow, 'space' | 'tag'> & Partial<CoverSetRow>)[],
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const writer = await ArrowFileWriter.create(tablePath(dir, 'cover_set'), 'cover_set');
  await writer.appendAll(
    tags.map((row) => ({
      tag_id: `id-${row.tag}`,
      aliases: [],
      items_covered: 1,
      marginal_gain: 1,
      added_at: null,
      last_seen: null,
      status: 'live' as const,
      ...row,
    })),
  );
  await writer.close();
}
