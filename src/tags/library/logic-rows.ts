import { TagdistillError } from '../../core/errors.js';
import { isThere } from '../../core/is-there.js';
import type { OnProgress } from '../../core/progress.js';
import { readArrowRows } from '../../dataset/arrow-reader.js';
import { tablePath } from '../../dataset/files.js';
import type { TagEdgeRow } from '../../dataset/rows.js';
import { DIRECTIONS, type Direction } from '../graph/direction.js';

/** What a data set's answers say of one pair of tags. */
export interface AnsweredEdge {
  readonly direction: Direction;
  readonly source: string;
  readonly target: string;
  /** strength times votes */
  readonly weight: number;
  readonly votes: number;
}

/** Tell whether a data set has answers to tag questions at all; those from people's own labels have none. */
export async function hasTagEdges(dataset: string): Promise<boolean> {
  return isThere(tablePath(dataset, 'tag_edges'));
}

/**
 * Read the tag edges of data sets; sets without the table, and edges of strength 0 or without a vote, say nothing.
 *
 * The weight is strength times votes: how often the target was named over all answers to the source, each time by
 * how strongly. Where no strength was given it is 1 / log2(rank + 2), the discount of the DCG.
 *
 * @throws TagdistillError `E_BAD_ROW` for an unknown direction, an empty tag, or numbers out of range; `E_ABORTED`;
 *   what reading throws
 */
export async function* readTagEdges(
  datasets: readonly string[],
  { onProgress, signal }: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal } = {},
): AsyncGenerator<AnsweredEdge> {
  let n = 0;
  for (const dataset of datasets) {
    if (!(await hasTagEdges(dataset))) continue;
    const path = tablePath(dataset, 'tag_edges');
    let row = 0;
    for await (const batch of readArrowRows(path, 'tag_edges')) {
      if (signal?.aborted === true) {
        throw new TagdistillError('E_ABORTED', 'reading was stopped', { cause: signal.reason });
      }
      for (const edge of batch) {
        const problem = problemOf(edge);
        if (problem !== undefined) {
          throw new TagdistillError('E_BAD_ROW', problem, {
            file: path,
            row,
            hint: 'Make the data set again.',
          });
        }
        row++;
        const { direction, source, target_raw: target, score, rank, votes } = edge;
        const weight = (score ?? 1 / Math.log2(rank + 2)) * votes;
        if (weight > 0) yield { direction, source, target, weight, votes };
      }
      n += batch.length;
      onProgress?.({ stage: 'edges', done: n });
    }
  }
}

function problemOf({ direction, source, target_raw, score, rank, votes }: TagEdgeRow): string | undefined {
  if (!DIRECTIONS.includes(direction)) {
    return `direction is ${JSON.stringify(direction)}, not ${DIRECTIONS.join(' or ')}`;
  }
  if (source.trim() === '') return 'the source tag is empty';
  if (target_raw.trim() === '') return 'the target tag is empty';
  if (score !== null && !(score >= 0 && score <= 1)) return `the score is ${score}, not from 0 to 1`;
  if (!(rank >= 0)) return `the rank is ${rank}`;
  return votes >= 0 ? undefined : `the votes are ${votes}`;
}
