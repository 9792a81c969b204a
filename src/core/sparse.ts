/** A sparse matrix by rows: row i holds `indices[offsets[i] .. offsets[i + 1])` with their `values`. */
export interface SparseRows {
  /** shape [nRows + 1] */
  readonly offsets: Uint32Array;
  /** shape [nnz], column numbers */
  readonly indices: Uint32Array;
  /** shape [nnz] */
  readonly values: Float32Array;
  readonly nColumns: number;
}

/** Collects rows of unknown number into {@link SparseRows}; memory grows by doubling. */
export class SparseRowsBuilder {
  private offsets = new Uint32Array(1024);
  private indices = new Uint32Array(8192);
  private values = new Float32Array(8192);
  private nRows = 0;
  private nnz = 0;

  /** Add a cell to the row under way. */
  push(column: number, value: number): void {
    if (this.nnz === this.indices.length) {
      this.indices = grown(this.indices, Uint32Array);
      this.values = grown(this.values, Float32Array);
    }
    this.indices[this.nnz] = column;
    this.values[this.nnz++] = value;
  }

  endRow(): void {
    if (this.nRows + 1 === this.offsets.length) this.offsets = grown(this.offsets, Uint32Array);
    this.offsets[++this.nRows] = this.nnz;
  }

  finish(nColumns: number): SparseRows {
    return {
      offsets: this.offsets.slice(0, this.nRows + 1),
      indices: this.indices.slice(0, this.nnz),
      values: this.values.slice(0, this.nnz),
      nColumns,
    };
  }
}

/** Copy some rows of a sparse matrix, in the order given. */
export function selectRows(rows: SparseRows, which: readonly number[]): SparseRows {
  const builder = new SparseRowsBuilder();
  for (const row of which) {
    for (let i = rows.offsets[row]!; i < rows.offsets[row + 1]!; i++)
      builder.push(rows.indices[i]!, rows.values[i]!);
    builder.endRow();
  }
  return builder.finish(rows.nColumns);
}

/** Put matrices of as many rows side by side. */
export function joinColumns(parts: readonly SparseRows[]): SparseRows {
  const builder = new SparseRowsBuilder();
  const nRows = parts.length === 0 ? 0 : parts[0]!.offsets.length - 1;
  for (let row = 0; row < nRows; row++) {
    let first = 0;
    for (const { offsets, indices, values, nColumns } of parts) {
      for (let i = offsets[row]!; i < offsets[row + 1]!; i++) builder.push(first + indices[i]!, values[i]!);
      first += nColumns;
    }
    builder.endRow();
  }
  return builder.finish(parts.reduce((sum, { nColumns }) => sum + nColumns, 0));
}

function grown<T extends Uint32Array | Float32Array>(old: T, Type: new (length: number) => T): T {
  const larger = new Type(old.length * 2);
  larger.set(old);
  return larger;
}
