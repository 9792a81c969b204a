import type { SparseRows } from '../../core/sparse.js';
import type { Window } from './day-of-tags.js';

export interface SteadyOptions {
  readonly depth: number;
  /** The tag must help on each of this many last days. */
  readonly steadyDays: number;
  /** Or help this share of the window's items. */
  readonly margin: number;
}

/**
 * Tell which tags would help items that the live ones leave uncovered, and do so steadily or by a margin.
 *
 * While there are fewer days than `steadyDays`, every tag that helps is steady.
 *
 * @param isLive shape [tags]
 * @returns shape [tags], 1 where a tag may come in
 */
export function steadyTags(
  { rows, starts }: Window,
  isLive: Uint8Array,
  { depth, steadyDays, margin }: SteadyOptions,
): Uint8Array {
  const { nColumns } = rows;
  const nDays = starts.length - 1;
  const helped = new Uint32Array(nColumns); // items of the window
  const streak = new Uint32Array(nColumns); // days running up to the last one
  const lastRow = new Int32Array(nColumns).fill(-1);
  let nItems = 0;
  const firstCounted = nDays - steadyDays;
  for (let day = 0; day < nDays; day++) {
    const helpedToday = new Set<number>();
    for (let row = starts[day]!; row < starts[day + 1]!; row++) {
      const { distinct, hits } = distinctColumns(rows, row, { isLive, lastRow });
      if (distinct.length === 0) continue;
      nItems++;
      if (hits >= Math.min(depth, distinct.length)) continue;
      for (const column of distinct) {
        if (isLive[column] === 1) continue;
        helped[column]!++;
        if (day >= firstCounted) helpedToday.add(column);
      }
    }
    for (const column of helpedToday) streak[column]!++;
  }
  const wanted = Math.min(steadyDays, nDays);
  return Uint8Array.from(helped, (n, column) =>
    n > 0 && (streak[column]! >= wanted || n >= margin * nItems) ? 1 : 0,
  );
}

function distinctColumns(
  { offsets, indices }: SparseRows,
  row: number,
  { isLive, lastRow }: { readonly isLive: Uint8Array; readonly lastRow: Int32Array },
): { distinct: number[]; hits: number } {
  const distinct: number[] = [];
  let hits = 0;
  for (let cell = offsets[row]!; cell < offsets[row + 1]!; cell++) {
    const column = indices[cell]!;
    if (lastRow[column] === row) continue;
    lastRow[column] = row;
    distinct.push(column);
    hits += isLive[column]!;
  }
  return { distinct, hits };
}
