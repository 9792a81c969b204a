import type { Space } from '../../core/space.js';
import { checkCount } from '../check-count.js';
import { DIRECTION_FROM, TARGET_SPACE } from './direction.js';
import type { LogicGraph } from './logic-graph.js';

/** A tag and where its heaviest edges lead, level by level; the two spaces take turns. */
export interface NeighbourhoodTree {
  readonly space: Space;
  readonly tag: string;
  readonly id: string;
  /** P(this tag | the one above it); 1 at the root */
  readonly weight: number;
  /** Best first. */
  readonly children: readonly NeighbourhoodTree[];
}

export interface NeighbourhoodOptions {
  readonly space: Space;
  /** Edges to follow from each tag. */
  readonly k?: number;
  /** Steps from the root. */
  readonly depth?: number;
}

/**
 * Follow the heaviest edges of a tag; a tag that stands above a place is not repeated below it.
 *
 * @throws TagdistillError `E_BAD_INPUT` for a tag that is not in the graph, `E_BAD_OPTION` if k or depth is no
 *   positive integer
 */
export function neighbourhood(
  graph: LogicGraph,
  tag: string,
  { space, k = 8, depth = 2 }: NeighbourhoodOptions,
): NeighbourhoodTree {
  checkCount('k', k);
  checkCount('depth', depth);
  const grow = (from: Space, name: string, above: readonly string[], left: number): NeighbourhoodTree[] => {
    const direction = DIRECTION_FROM[from];
    const to = TARGET_SPACE[direction];
    const neighbours = graph.neighbours(direction, name).filter(({ id }) => !above.includes(`${to}:${id}`));
    return neighbours.slice(0, k).map((next) => ({
      space: to,
      tag: next.tag,
      id: next.id,
      weight: next.weight,
      children: left === 1 ? [] : grow(to, next.tag, [...above, `${to}:${next.id}`], left - 1),
    }));
  };
  graph.neighbours(DIRECTION_FROM[space], tag, 1); // refuses an unknown tag
  const { id } = graph.tags[space][graph.place(space, tag)!]!;
  return {
    space,
    tag,
    id,
    weight: 1,
    children: grow(space, tag, [`${space}:${id}`], depth),
  };
}

/** Draw a neighbourhood as lines of text: a branch a tag, with its weight. */
export function neighbourhoodLines(tree: NeighbourhoodTree): string[] {
  const lines = [`${tree.tag} (${tree.space} tag)`];
  const draw = (children: readonly NeighbourhoodTree[], before: string): void => {
    children.forEach((child, i) => {
      const isLast = i === children.length - 1;
      lines.push(`${before}${isLast ? '└─' : '├─'} ${child.weight.toFixed(2)} ${child.tag}`);
      draw(child.children, `${before}${isLast ? '   ' : '│  '}`);
    });
  };
  draw(tree.children, '');
  return lines;
}
