import type { SparseRows } from '../../../src/core/sparse.js';
import { byCodePoint } from '../../../src/tags/code-point-order.js';

export interface PlainCoverOptions {
  readonly tau: number;
  readonly depth: number;
  readonly weights?: readonly number[];
  readonly tags?: readonly string[];
}

/** Greedy cover by its definition: count every gain anew before every choice, take the largest. */
export function plainCover(rows: SparseRows, { tau, depth, weights, tags }: PlainCoverOptions): number[] {
  const { offsets, indices, nColumns } = rows;
  const sets = Array.from({ length: offsets.length - 1 }, (_, row) => [
    ...new Set(indices.subarray(offsets[row], offsets[row + 1])),
  ]);
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const uses = new Uint32Array(nColumns);
  let total = 0;
  sets.forEach((columns, row) => {
    for (const column of columns) uses[column]!++;
    if (columns.length > 0) total += weightOf(row);
  });
  const chosen: number[] = [];
  const isChosen = new Uint8Array(nColumns);
  const goesFirst = (a: number, b: number): boolean =>
    uses[a] !== uses[b]
      ? uses[a]! > uses[b]!
      : (tags === undefined ? a - b : byCodePoint(tags[a]!, tags[b]!)) < 0;
  for (;;) {
    const gains = new Float64Array(nColumns);
    let [covered, nOpen] = [0, 0];
    sets.forEach((columns, row) => {
      if (columns.length === 0) return;
      let hits = 0;
      for (const column of columns) hits += isChosen[column]!;
      if (hits >= Math.min(depth, columns.length)) covered += weightOf(row);
      else {
        nOpen++;
        for (const column of columns) gains[column]! += weightOf(row);
      }
    });
    if (nOpen === 0 || covered / total >= tau) return chosen;
    let best = -1;
    for (let column = 0; column < nColumns; column++) {
      if (isChosen[column] === 1 || gains[column] === 0) continue;
      if (
        best < 0 ||
        gains[column]! > gains[best]! ||
        (gains[column] === gains[best] && goesFirst(column, best))
      )
        best = column;
    }
    if (best < 0) return chosen;
    isChosen[best] = 1;
    chosen.push(best);
  }
}
