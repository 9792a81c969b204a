import { TagdistillError } from '../../core/errors.js';
import type { Space } from '../../core/space.js';
import { checkCount } from '../check-count.js';
import { byCodePoint } from '../code-point-order.js';
import { tagId } from '../cover/tag-id.js';
import { DIRECTION_FROM, DIRECTIONS, SOURCE_SPACE, TARGET_SPACE, type Direction } from './direction.js';
import { countEdges, type EdgeCells, type LogicEdge } from './edge-cells.js';
import type { LogicMatrices } from './logic-matrices.js';

/** A node of the graph; its place in its space's list is its row in the matrices. */
export interface GraphTag {
  /** Stable for ever; see `cover_set.arrow`. */
  readonly id: string;
  readonly tag: string;
}

/** An edge as the graph holds it. */
export interface Neighbour {
  readonly column: number;
  readonly tag: string;
  readonly id: string;
  /** P(target | source) over the edges that were kept. */
  readonly weight: number;
  readonly votes: number;
  /** Null where every answer named the tag itself. */
  readonly similarity: number | null;
}

export interface BuildGraphOptions {
  /** Edges to keep of a source, the heaviest. */
  readonly top?: number;
  /** The weights are P(target | source) already: they stay as they are. */
  readonly areShares?: boolean;
  /** The nodes; by default those that an edge names, in code point order. */
  readonly tags?: Readonly<Record<Space, readonly GraphTag[]>>;
  /** Gives the id of a tag that `tags` does not list. Default: the first 12 hex digits of its sha256. */
  readonly idOf?: (tag: string, space: Space) => string;
}

/**
 * Weighted relations between item tags and user tags, in both directions.
 *
 * Built in any order of the edges it is the same: the `top` heaviest edges of a source stay, ties by the place of the
 * target, and their weights are divided by their sum.
 */
export class LogicGraph {
  private constructor(
    readonly tags: Readonly<Record<Space, readonly GraphTag[]>>,
    private readonly places: Readonly<Record<Space, ReadonlyMap<string, number>>>,
    private readonly cells: Readonly<Record<Direction, EdgeCells>>,
  ) {}

  /**
   * Build the graph of observed relations.
   *
   * @throws TagdistillError `E_BAD_INPUT` for a weight that is not above 0 and finite, or a tag that is not in `tags`;
   *   `E_BAD_OPTION` if top is no positive integer
   */
  static build(
    edges: Iterable<LogicEdge>,
    { top = 20, areShares = false, tags: given, idOf = (tag) => tagId(tag) }: BuildGraphOptions = {},
  ): LogicGraph {
    checkCount('top', top);
    const all = given === undefined ? [...edges] : edges;
    const tags = given ?? namedTags(all as readonly LogicEdge[], idOf);
    const places = { item: placesOf(tags.item), user: placesOf(tags.user) };
    return new LogicGraph(tags, places, countEdges(all, { places, top, areShares }));
  }

  get matrices(): LogicMatrices {
    return { i2u: this.cells.i2u.rows, u2i: this.cells.u2i.rows };
  }

  nEdges(direction: Direction): number {
    return this.cells[direction].votes.length;
  }

  /** Give the place of a tag in its space, or undefined. */
  place(space: Space, tag: string): number | undefined {
    return this.places[space].get(tag);
  }

  /**
   * List the heaviest edges of a source tag, best first; none for a tag without edges.
   *
   * @param tag its printed form, or its place
   * @throws TagdistillError `E_BAD_INPUT` for a tag that is not in the graph
   */
  neighbours(direction: Direction, tag: string | number, k = Infinity): Neighbour[] {
    const row = this.rowOf(SOURCE_SPACE[direction], tag);
    const { rows, votes, similarities } = this.cells[direction];
    const start = rows.offsets[row]!;
    const n = Math.min(k, rows.offsets[row + 1]! - start);
    return Array.from({ length: n }, (_, i) => {
      const column = rows.indices[start + i]!;
      const similarity = similarities[start + i]!;
      return {
        column,
        ...this.tags[TARGET_SPACE[direction]][column]!,
        weight: rows.values[start + i]!,
        votes: votes[start + i]!,
        similarity: Number.isNaN(similarity) ? null : similarity,
      };
    });
  }

  /** Go through all edges: by direction, source and rank. */
  *edges(): Generator<{
    readonly direction: Direction;
    readonly source: GraphTag;
    readonly target: Neighbour;
  }> {
    for (const direction of DIRECTIONS) {
      for (const [row, source] of this.tags[SOURCE_SPACE[direction]].entries()) {
        for (const target of this.neighbours(direction, row)) yield { direction, source, target };
      }
    }
  }

  private rowOf(space: Space, tag: string | number): number {
    const row = typeof tag === 'number' ? tag : this.places[space].get(tag);
    if (row !== undefined && Number.isInteger(row) && row >= 0 && row < this.tags[space].length) return row;
    throw new TagdistillError(
      'E_BAD_INPUT',
      `there is no ${space} tag ${JSON.stringify(tag)} among the ${this.tags[space].length} of the graph`,
      { hint: `Give a tag as the graph prints it; ${DIRECTION_FROM[space]} edges leave ${space} tags.` },
    );
  }
}

function placesOf(tags: readonly GraphTag[]): Map<string, number> {
  return new Map(tags.map(({ tag }, place) => [tag, place]));
}

function namedTags(
  edges: readonly LogicEdge[],
  idOf: (tag: string, space: Space) => string,
): Record<Space, GraphTag[]> {
  const names: Record<Space, Set<string>> = { item: new Set(), user: new Set() };
  for (const { direction, source, target } of edges) {
    names[SOURCE_SPACE[direction]].add(source);
    names[TARGET_SPACE[direction]].add(target);
  }
  const list = (space: Space): GraphTag[] =>
    [...names[space]].sort(byCodePoint).map((tag) => ({ id: idOf(tag, space), tag }));
  return { item: list('item'), user: list('user') };
}
