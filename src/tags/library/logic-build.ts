import type { OnProgress } from '../../core/progress.js';
import { SPACES, type Space } from '../../core/space.js';
import { SOURCE_SPACE, TARGET_SPACE, type Direction } from '../graph/direction.js';
import type { LogicEdge } from '../graph/edge-cells.js';
import { LogicGraph, type GraphTag } from '../graph/logic-graph.js';
import { groupRaws } from '../merge/alias-table.js';
import { mergeTags } from '../merge/spelling.js';
import { matchTags, type TagMatch } from '../transfer/match-tags.js';
import { nearOptions, type NearVectors } from '../transfer/near-options.js';
import {
  zeroCounts,
  type CanonicalNames,
  type MatchCounts,
  type TargetTag,
} from '../transfer/name-matcher.js';
import { readTagEdges, type AnsweredEdge } from './logic-rows.js';

/** A tag of a cover set, with the raw forms that count as it. */
export type CoverTag = GraphTag & TargetTag;

export interface BuildLogicOptions {
  /** The tags that the graph joins. Default: every tag that an answer names, spellings merged. */
  readonly tags?: Readonly<Record<Space, readonly CoverTag[]>>;
  readonly aliases?: Readonly<Partial<Record<Space, CanonicalNames>>>;
  /** Also take an answer for the nearest tag, at or above a cosine; its weight is multiplied by the cosine. */
  readonly near?: NearVectors;
  /** Edges to keep of a source. */
  readonly top?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface LogicReport {
  /** Edges read, of all data sets. */
  readonly nAnswered: Readonly<Record<Direction, number>>;
  /** Edges read whose two tags were both mapped. */
  readonly nMapped: Readonly<Record<Direction, number>>;
  readonly sources: Readonly<Record<Direction, MatchCounts>>;
  readonly targets: Readonly<Record<Direction, MatchCounts>>;
}

/**
 * Build the logic graph of the answers in one or more data sets.
 *
 * Each answered edge is mapped on the graph's tags at both ends; P(target | source) is the sum of its weights (see
 * {@link readTagEdges}) over that of the `top` heaviest targets of the source. Holds all edges in memory. Without any
 * answer the graph has tags, or not even those, but no edges.
 *
 * @throws TagdistillError what {@link readTagEdges}, {@link matchTags} and {@link LogicGraph.build} throw
 */
export async function buildLogic(
  datasets: readonly string[],
  { tags, aliases = {}, near, top = 20, onProgress, signal }: BuildLogicOptions = {},
): Promise<{ readonly graph: LogicGraph; readonly report: LogicReport }> {
  const running = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const answered: AnsweredEdge[] = [];
  for await (const edge of readTagEdges(datasets, running)) answered.push(edge);

  const matches = {} as Record<Space, ReadonlyMap<string, TagMatch>>;
  const nodes = {} as Record<Space, readonly TargetTag[]>;
  for (const space of SPACES) {
    const uses = usesIn(space, answered);
    const canonical = aliases[space];
    nodes[space] = tags?.[space] ?? mergedTags(uses, canonical);
    matches[space] = await matchTags(uses.keys(), nodes[space], {
      ...(canonical && { aliases: canonical }),
      ...(near && { near: nearOptions(space, near, running) }),
    });
  }
  const edges: LogicEdge[] = [];
  const nMapped = { i2u: 0, u2i: 0 };
  for (const { direction, source, target, weight, votes } of answered) {
    const from = matches[SOURCE_SPACE[direction]].get(source)!;
    const to = matches[TARGET_SPACE[direction]].get(target)!;
    if (from.place < 0 || to.place < 0) continue;
    const cosines = [from, to].flatMap(({ kind, similarity }) => (kind === 'near' ? [similarity!] : []));
    const share = cosines.reduce((product, cosine) => product * cosine, 1);
    if (!(share > 0)) continue;
    nMapped[direction]++;
    edges.push({
      direction,
      source: nodes[SOURCE_SPACE[direction]][from.place]!.tag,
      target: nodes[TARGET_SPACE[direction]][to.place]!.tag,
      weight: weight * share,
      votes,
      ...(cosines.length > 0 && { similarity: Math.min(...cosines) }),
    });
  }
  const graph = LogicGraph.build(edges, tags === undefined ? { top } : { top, tags });
  return { graph, report: { ...countMatches(answered, matches), nMapped } };
}

function usesIn(space: Space, answered: readonly AnsweredEdge[]): Map<string, number> {
  const uses = new Map<string, number>();
  const add = (tag: string, votes: number): void => void uses.set(tag, (uses.get(tag) ?? 0) + votes);
  for (const { direction, source, target, votes } of answered) {
    if (SOURCE_SPACE[direction] === space) add(source, votes);
    else add(target, votes);
  }
  return uses;
}

function mergedTags(uses: ReadonlyMap<string, number>, aliases: CanonicalNames | undefined): TargetTag[] {
  const { canonicalOf } = aliases ?? mergeTags(uses);
  const forms = groupRaws(Array.from(uses.keys(), (tag) => [tag, canonicalOf.get(tag) ?? tag]));
  return Array.from(forms, ([tag, raws]) => ({ tag, aliases: raws }));
}

function countMatches(
  answered: readonly AnsweredEdge[],
  matches: Readonly<Record<Space, ReadonlyMap<string, TagMatch>>>,
): Pick<LogicReport, 'nAnswered' | 'sources' | 'targets'> {
  const countEnd = (direction: Direction, end: 'source' | 'target'): MatchCounts => {
    const space = (end === 'source' ? SOURCE_SPACE : TARGET_SPACE)[direction];
    const counts = zeroCounts();
    const seen = new Set<string>();
    for (const edge of answered) {
      if (edge.direction !== direction) continue;
      const tag = edge[end];
      const count = counts[matches[space].get(tag)!.kind];
      count.nUses++;
      if (!seen.has(tag)) count.nTags++;
      seen.add(tag);
    }
    return counts;
  };
  const each = <T>(make: (direction: Direction) => T): Record<Direction, T> => ({
    i2u: make('i2u'),
    u2i: make('u2i'),
  });
  return {
    nAnswered: each((direction) => answered.filter((edge) => edge.direction === direction).length),
    sources: each((direction) => countEnd(direction, 'source')),
    targets: each((direction) => countEnd(direction, 'target')),
  };
}
