import type { Space } from '../../core/space.js';
import type { SparseRows } from '../../core/sparse.js';
import { DIRECTIONS, REVERSE, type Direction } from './direction.js';
import type { LogicMatrices } from './logic-matrices.js';

/** How a number is spread over tags; NaN without tags. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

export interface DirectionStatistics {
  readonly nEdges: number;
  /** Edges that leave a source tag, over all source tags. */
  readonly outDegree: Spread;
  /** Edges that reach a target tag, over all target tags. */
  readonly inDegree: Spread;
  /** Share of source tags that no edge leaves. */
  readonly shareWithoutOut: number;
  /** Share of target tags that no edge reaches. */
  readonly shareWithoutIn: number;
  /** Share of the edges whose two tags an edge of the other direction joins as well; NaN without edges. */
  readonly reciprocity: number;
}

export interface GraphStatistics extends Readonly<Record<Direction, DirectionStatistics>> {
  readonly nTags: Readonly<Record<Space, number>>;
  /** Share of a space's tags that no edge of either direction touches. */
  readonly shareIsolated: Readonly<Record<Space, number>>;
  /** Parts of the graph that no edge joins, whatever its direction; a tag without edges is none. */
  readonly nComponents: number;
  /** Tags of the largest part. */
  readonly largestComponent: number;
}

/** Count degrees, edges with a counterpart, parts and tags without edges. */
export function graphStatistics(matrices: LogicMatrices): GraphStatistics {
  const nTags = { item: matrices.u2i.nColumns, user: matrices.i2u.nColumns };
  const degrees = {
    i2u: { out: outDegrees(matrices.i2u), in: inDegrees(matrices.i2u) },
    u2i: { out: outDegrees(matrices.u2i), in: inDegrees(matrices.u2i) },
  };
  const [i2u, u2i] = DIRECTIONS.map((direction) => {
    const rows = matrices[direction];
    return {
      nEdges: rows.indices.length,
      outDegree: spreadOf(degrees[direction].out),
      inDegree: spreadOf(degrees[direction].in),
      shareWithoutOut: shareOfZero(degrees[direction].out),
      shareWithoutIn: shareOfZero(degrees[direction].in),
      reciprocity: reciprocity(rows, matrices[REVERSE[direction]]),
    };
  }) as [DirectionStatistics, DirectionStatistics];
  const shareIsolated = {
    item: shareOfZero(degrees.i2u.out.map((n, tag) => n + degrees.u2i.in[tag]!)),
    user: shareOfZero(degrees.u2i.out.map((n, tag) => n + degrees.i2u.in[tag]!)),
  };
  return { nTags, i2u, u2i, shareIsolated, ...components(matrices) };
}

function outDegrees({ offsets }: SparseRows): Uint32Array {
  return Uint32Array.from({ length: offsets.length - 1 }, (_, row) => offsets[row + 1]! - offsets[row]!);
}

function inDegrees({ indices, nColumns }: SparseRows): Uint32Array {
  const degrees = new Uint32Array(nColumns);
  for (const column of indices) degrees[column]!++;
  return degrees;
}

function spreadOf(values: Uint32Array): Spread {
  const n = values.length;
  const sorted = values.slice().sort();
  const median = (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return { min: sorted[0] ?? NaN, median, mean, max: sorted[n - 1] ?? NaN };
}

function shareOfZero(values: Uint32Array): number {
  return values.reduce((n, value) => n + (value === 0 ? 1 : 0), 0) / values.length;
}

function reciprocity(rows: SparseRows, back: SparseRows): number {
  const sourcesOf = Array.from({ length: rows.nColumns }, (_, target) => {
    return new Set(back.indices.subarray(back.offsets[target], back.offsets[target + 1]));
  });
  let n = 0;
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    for (let cell = rows.offsets[row]!; cell < rows.offsets[row + 1]!; cell++) {
      if (sourcesOf[rows.indices[cell]!]!.has(row)) n++;
    }
  }
  return n / rows.indices.length;
}

// Union by size with path halving; item tags first, user tags behind them.
function components({ i2u, u2i }: LogicMatrices): Pick<GraphStatistics, 'nComponents' | 'largestComponent'> {
  const nItem = u2i.nColumns;
  const parent = Uint32Array.from({ length: nItem + i2u.nColumns }, (_, node) => node);
  const size = new Uint32Array(parent.length).fill(1);
  const find = (node: number): number => {
    let at = node;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const join = (a: number, b: number): void => {
    const [small, large] = size[find(a)]! < size[find(b)]! ? [find(a), find(b)] : [find(b), find(a)];
    if (small === large) return;
    parent[small] = large;
    size[large]! += size[small]!;
  };
  for (const [rows, from, to] of [
    [i2u, 0, nItem],
    [u2i, nItem, 0],
  ] as const) {
    for (let row = 0; row + 1 < rows.offsets.length; row++) {
      for (let cell = rows.offsets[row]!; cell < rows.offsets[row + 1]!; cell++) {
        join(from + row, to + rows.indices[cell]!);
      }
    }
  }
  let nComponents = 0;
  let largestComponent = 0;
  for (let node = 0; node < parent.length; node++) {
    if (parent[node] !== node || size[node]! < 2) continue;
    nComponents++;
    largestComponent = Math.max(largestComponent, size[node]!);
  }
  return { nComponents, largestComponent };
}
