import type { SparseRows } from '../../core/sparse.js';

const POINTS_PER_DECADE = 12;
const GROWTH_POINTS = 40;

export interface FrequencyLaw {
  /** Rank against uses, at ranks evenly spread on a logarithmic axis. */
  readonly rankUses: readonly (readonly [rank: number, uses: number])[];
  /** Slope of ln(uses) over ln(rank), least squares over the points of two uses or more; NaN with fewer than two. */
  readonly zipfSlope: number;
  /** Share of the tags that one item has. */
  readonly onceUsed: number;
}

/** Fit Zipf's law. @param uses descending, above 0 */
export function frequencyLaw(uses: readonly number[]): FrequencyLaw {
  const ranks = new Set<number>();
  for (let i = 0; ; i++) {
    const rank = Math.round(10 ** (i / POINTS_PER_DECADE));
    if (rank > uses.length) break;
    ranks.add(rank);
  }
  const rankUses = [...ranks].map((rank): [number, number] => [rank, uses[rank - 1]!]);
  const points = rankUses
    .filter(([, n]) => n >= 2)
    .map(([rank, n]): [number, number] => [Math.log(rank), Math.log(n)]);
  return {
    rankUses,
    zipfSlope: slopeOf(points),
    onceUsed: uses.filter((n) => n === 1).length / uses.length,
  };
}

/** Count the distinct columns among the first rows, at evenly spread numbers of rows. */
export function growthCurve({ offsets, indices, nColumns }: SparseRows): [number, number][] {
  const isSeen = new Uint8Array(nColumns);
  const nRows = offsets.length - 1;
  const step = Math.max(1, Math.ceil(nRows / GROWTH_POINTS));
  const curve: [number, number][] = [];
  let nTags = 0;
  for (let row = 0; row < nRows; row++) {
    for (let cell = offsets[row]!; cell < offsets[row + 1]!; cell++) {
      const column = indices[cell]!;
      nTags += 1 - isSeen[column]!;
      isSeen[column] = 1;
    }
    if ((row + 1) % step === 0 || row + 1 === nRows) curve.push([row + 1, nTags]);
  }
  return curve;
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const n = points.length;
  if (n < 2) return NaN;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const products = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const squares = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return products / squares;
}
