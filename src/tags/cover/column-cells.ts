import type { SparseRows } from '../../core/sparse.js';

/** The rows of each column: column j holds `rows[offsets[j] .. offsets[j + 1])`, ascending, a repeated cell once. */
export interface ColumnCells {
  /** shape [nColumns + 1] */
  readonly offsets: Uint32Array;
  /** shape [nCells] */
  readonly rows: Uint32Array;
  /** shape [nRows], distinct columns of each row */
  readonly nDistinct: Uint32Array;
}

/** Count the rows that have each column, a repeated cell once; shape [nColumns]. */
export function usesByColumn({ offsets, indices, nColumns }: SparseRows): Uint32Array {
  const uses = new Uint32Array(nColumns);
  const lastRow = new Int32Array(nColumns).fill(-1);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let cell = offsets[row]!; cell < offsets[row + 1]!; cell++) {
      const column = indices[cell]!;
      if (lastRow[column] !== row) uses[column]!++;
      lastRow[column] = row;
    }
  }
  return uses;
}

/** List each column's rows, in two passes and with no object a row, so that memory is about 8 bytes a cell. */
export function columnCells({ offsets: starts, indices, nColumns }: SparseRows): ColumnCells {
  const nRows = starts.length - 1;
  const nDistinct = new Uint32Array(nRows);
  const offsets = new Uint32Array(nColumns + 1);
  const lastRow = new Int32Array(nColumns).fill(-1);
  for (let row = 0; row < nRows; row++) {
    for (let cell = starts[row]!; cell < starts[row + 1]!; cell++) {
      const column = indices[cell]!;
      if (lastRow[column] === row) continue;
      lastRow[column] = row;
      offsets[column + 1]!++;
      nDistinct[row]!++;
    }
  }
  for (let column = 0; column < nColumns; column++) offsets[column + 1]! += offsets[column]!;
  const rows = new Uint32Array(offsets[nColumns]!);
  const next = offsets.slice(0, nColumns);
  lastRow.fill(-1);
  for (let row = 0; row < nRows; row++) {
    for (let cell = starts[row]!; cell < starts[row + 1]!; cell++) {
      const column = indices[cell]!;
      if (lastRow[column] === row) continue;
      lastRow[column] = row;
      rows[next[column]!++] = row;
    }
  }
  return { offsets, rows, nDistinct };
}
