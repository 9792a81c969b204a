import { TagdistillError } from '../../core/errors.js';
import { SparseRowsBuilder, type SparseRows } from '../../core/sparse.js';
import type { Space } from '../../core/space.js';
import { SOURCE_SPACE, TARGET_SPACE, type Direction } from './direction.js';

/** A relation that was observed; several of the same two tags add up. */
export interface LogicEdge {
  readonly direction: Direction;
  readonly source: string;
  readonly target: string;
  /** Above 0; only the shares of a source's edges matter. */
  readonly weight: number;
  /** Answers behind it. Default: 1. */
  readonly votes?: number;
  /** Smallest cosine at which an answer was taken for the tag; absent where all named it. */
  readonly similarity?: number;
}

/** The edges of one direction, and what is known of each. */
export interface EdgeCells {
  readonly rows: SparseRows;
  /** shape [nnz], answers behind an edge */
  readonly votes: Float64Array;
  /** shape [nnz], NaN where every answer named the tag itself */
  readonly similarities: Float32Array;
}

interface Cell {
  readonly weights: number[];
  votes: number;
  similarity: number;
}

/** Add up the edges of each pair of tags, keep the heaviest of each source and bring their sum to 1. */
export function countEdges(
  edges: Iterable<LogicEdge>,
  options: {
    readonly places: Readonly<Record<Space, ReadonlyMap<string, number>>>;
    readonly top: number;
    readonly areShares: boolean;
  },
): Record<Direction, EdgeCells> {
  const { places } = options;
  const counts: Record<Direction, Map<number, Cell>[]> = {
    i2u: Array.from({ length: places.item.size }, () => new Map<number, Cell>()),
    u2i: Array.from({ length: places.user.size }, () => new Map<number, Cell>()),
  };
  let n = 0;
  for (const { direction, source, target, weight, votes = 1, similarity = NaN } of edges) {
    const row = placeOf(places, SOURCE_SPACE[direction], source, n);
    const column = placeOf(places, TARGET_SPACE[direction], target, n);
    if (!(weight > 0 && weight < Infinity)) {
      throw new TagdistillError(
        'E_BAD_INPUT',
        `edge ${n}, ${JSON.stringify(source)} to ${JSON.stringify(target)}, has the weight ${weight}`,
        { hint: 'Give a finite weight above 0, or leave the edge out.' },
      );
    }
    const cells = counts[direction][row]!;
    const cell = cells.get(column);
    if (cell === undefined) cells.set(column, { weights: [weight], votes, similarity });
    else {
      cell.weights.push(weight);
      cell.votes += votes;
      cell.similarity = lower(cell.similarity, similarity);
    }
    n++;
  }
  return {
    i2u: toCells(counts.i2u, places.user.size, options),
    u2i: toCells(counts.u2i, places.item.size, options),
  };
}

function placeOf(
  places: Readonly<Record<Space, ReadonlyMap<string, number>>>,
  space: Space,
  tag: string,
  edge: number,
): number {
  const place = places[space].get(tag);
  if (place !== undefined) return place;
  throw new TagdistillError(
    'E_BAD_INPUT',
    `edge ${edge} names ${JSON.stringify(tag)}, no ${space} tag of the graph`,
    {
      hint: 'Map the edges on the tags of the graph first.',
    },
  );
}

function lower(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.min(a, b);
}

function toCells(
  sources: readonly Map<number, Cell>[],
  nColumns: number,
  { top, areShares }: { readonly top: number; readonly areShares: boolean },
): EdgeCells {
  const builder = new SparseRowsBuilder();
  const votes: number[] = [];
  const similarities: number[] = [];
  for (const cells of sources) {
    const kept = Array.from(cells, ([column, cell]) => ({ column, weight: sum(cell.weights), cell }))
      .sort((a, b) => b.weight - a.weight || a.column - b.column)
      .slice(0, top);
    const total = areShares ? 1 : kept.reduce((before, { weight }) => before + weight, 0);
    for (const { column, weight, cell } of kept) {
      builder.push(column, weight / total);
      votes.push(cell.votes);
      similarities.push(cell.similarity);
    }
    builder.endRow();
  }
  return {
    rows: builder.finish(nColumns),
    votes: Float64Array.from(votes),
    similarities: Float32Array.from(similarities),
  };
}

// In ascending order, so that the order of the edges does not show in the last digit.
function sum(weights: readonly number[]): number {
  return [...weights].sort((a, b) => a - b).reduce((total, weight) => total + weight, 0);
}
