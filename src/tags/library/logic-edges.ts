import { join } from 'node:path';
import { TagdistillError } from '../../core/errors.js';
import { SPACES, type Space } from '../../core/space.js';
import { readArrowRows } from '../../dataset/arrow-reader.js';
import type { LogicEdgeRow } from '../../dataset/rows.js';
import { DIRECTIONS, SOURCE_SPACE, TARGET_SPACE } from '../graph/direction.js';
import type { LogicEdge } from '../graph/edge-cells.js';
import { LogicGraph, type GraphTag } from '../graph/logic-graph.js';
import { writeTable } from '../write-table.js';
import { LIBRARY_FILES } from './library-files.js';
import type { CoverTag } from './logic-build.js';

/**
 * Write the edges of a graph as an Arrow file, whole or not at all: by direction, source and rank.
 *
 * @throws TagdistillError `E_FILE_WRITE`
 */
export async function writeLogicEdges(path: string, graph: LogicGraph): Promise<void> {
  const metadata = Object.fromEntries(
    SPACES.map((space) => [`n_${space}_tags`, String(graph.tags[space].length)]),
  );
  await writeTable(path, 'logic_edges', edgeRows(graph), metadata);
}

function* edgeRows(graph: LogicGraph): Generator<LogicEdgeRow> {
  for (const { direction, source, target } of graph.edges()) {
    yield {
      direction,
      source_id: source.id,
      target_id: target.id,
      source: source.tag,
      target: target.tag,
      weight: target.weight,
      votes: target.votes,
      similarity: target.similarity,
    };
  }
}

/**
 * Read a graph back from its edges.
 *
 * @param tags the nodes, e.g. a cover set, found by id; edges of others are left out. Default: those of the edges
 * @throws TagdistillError `E_BAD_ROW` for an unknown direction, a weight outside (0, 1], or two ids of one tag; and
 *   what reading throws
 */
export async function readLogicEdges(
  path: string,
  { tags }: { readonly tags?: Readonly<Record<Space, readonly GraphTag[]>> } = {},
): Promise<LogicGraph> {
  const names = idMaps(tags);
  const ids: Record<Space, Map<string, string>> = { item: new Map(), user: new Map() };
  const edges: LogicEdge[] = [];
  let row = 0;
  for await (const batch of readArrowRows(path, 'logic_edges')) {
    for (const edge of batch) {
      const { direction, source_id, target_id, weight, votes, similarity } = edge;
      if (!DIRECTIONS.includes(direction)) {
        throw bad(path, row, `direction is ${JSON.stringify(direction)}, not ${DIRECTIONS.join(' or ')}`);
      }
      if (!(weight > 0 && weight <= 1))
        throw bad(path, row, `the weight is ${weight}, not above 0 and up to 1`);
      const [from, to] = [SOURCE_SPACE[direction], TARGET_SPACE[direction]];
      const source = names === undefined ? edge.source : names[from].get(source_id);
      const target = names === undefined ? edge.target : names[to].get(target_id);
      for (const [space, tag, id] of [
        [from, edge.source, source_id],
        [to, edge.target, target_id],
      ] as const) {
        const known = ids[space].get(tag);
        if (known !== undefined && known !== id) {
          throw bad(path, row, `${JSON.stringify(tag)} has the ids ${known} and ${id}`);
        }
        ids[space].set(tag, id);
      }
      row++;
      if (source === undefined || target === undefined) continue;
      edges.push({ direction, source, target, weight, votes, ...(similarity !== null && { similarity }) });
    }
  }
  return LogicGraph.build(edges, {
    top: Math.max(edges.length, 1),
    areShares: true,
    ...(tags === undefined ? { idOf: (tag, space) => ids[space].get(tag)! } : { tags }),
  });
}

/**
 * Read the logic graph of a tag library, over the live tags of its cover set.
 *
 * @throws TagdistillError what {@link readCoverTags} and {@link readLogicEdges} throw
 */
export async function readLibraryGraph(library: string): Promise<LogicGraph> {
  return readLogicEdges(join(library, LIBRARY_FILES.logic), { tags: await readCoverTags(library) });
}

/**
 * Read the live tags of a cover set, in the order of the file.
 *
 * @throws TagdistillError `E_BAD_ROW` for a space that is none, or an id that comes twice; and what reading throws
 */
export async function readCoverTags(dir: string): Promise<Record<Space, CoverTag[]>> {
  const path = join(dir, LIBRARY_FILES.cover);
  const tags: Record<Space, CoverTag[]> = { item: [], user: [] };
  const seen = new Set<string>();
  let row = 0;
  for await (const batch of readArrowRows(path, 'cover_set')) {
    for (const { space, tag_id: id, tag, aliases, status } of batch) {
      if (!SPACES.includes(space))
        throw bad(path, row, `space is ${JSON.stringify(space)}, not item or user`);
      if (seen.has(`${space}:${id}`)) throw bad(path, row, `the ${space} tag id ${id} comes twice`);
      seen.add(`${space}:${id}`);
      row++;
      if (status === 'live') tags[space].push({ id, tag, aliases });
    }
  }
  return tags;
}

function idMaps(
  tags: Readonly<Record<Space, readonly GraphTag[]>> | undefined,
): Record<Space, Map<string, string>> | undefined {
  if (tags === undefined) return undefined;
  const byId = (space: Space): Map<string, string> => new Map(tags[space].map(({ id, tag }) => [id, tag]));
  return { item: byId('item'), user: byId('user') };
}

function bad(file: string, row: number, message: string): TagdistillError {
  return new TagdistillError('E_BAD_ROW', message, {
    file,
    row,
    hint: 'Make the tag library again with `tagdistill tags build`.',
  });
}
