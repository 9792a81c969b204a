import type { SparseRows } from '../../core/sparse.js';
import { columnCells, type ColumnCells } from './column-cells.js';

/** Keeps which items are not covered yet, and how many of them each column has. */
export class OpenItems {
  /** shape [nColumns], open items that have the column */
  readonly nOpen: Uint32Array;
  /** Items with at least one tag. */
  readonly nItems: number;
  nCovered = 0;
  private readonly cells: ColumnCells;
  /** shape [nRows], tags still to choose until the item is covered */
  private readonly need: Uint32Array;
  private readonly lastVisit: Uint32Array; // [nColumns]
  private visit = 0;
  private readonly totalWeight: number;
  private coveredWeight = 0;

  constructor(
    private readonly rows: SparseRows,
    private depth: number,
    private readonly weights?: ArrayLike<number>,
  ) {
    this.cells = columnCells(rows);
    const { nDistinct } = this.cells;
    this.nOpen = Uint32Array.from({ length: rows.nColumns }, (_, column) => this.usesOf(column));
    this.need = nDistinct.map((n) => Math.min(depth, n));
    this.lastVisit = new Uint32Array(rows.nColumns);
    let [nItems, total] = [0, 0];
    nDistinct.forEach((n, row) => {
      if (n === 0) return;
      nItems++;
      total += weights === undefined ? 1 : weights[row]!;
    });
    this.nItems = nItems;
    this.totalWeight = total;
  }

  /** Share of the items' weight that is covered; NaN without items. */
  get recall(): number {
    if (this.nCovered === this.nItems) return this.nItems === 0 ? NaN : 1;
    return this.coveredWeight / this.totalWeight;
  }

  /** Items that have the column. */
  usesOf(column: number): number {
    return this.cells.offsets[column + 1]! - this.cells.offsets[column]!;
  }

  /** The items that have the column, ascending. */
  itemsOf(column: number): Uint32Array {
    return this.cells.rows.subarray(this.cells.offsets[column], this.cells.offsets[column + 1]);
  }

  /** The weight of the open items that have the column, summed in item order: it never rises as items are covered. */
  gainOf(column: number): number {
    if (this.weights === undefined || this.nOpen[column] === 0) return this.nOpen[column]!;
    let gain = 0;
    for (const row of this.itemsOf(column)) if (this.need[row]! > 0) gain += this.weights[row]!;
    return gain;
  }

  /** Choose a column: its open items need one tag less. */
  take(column: number): void {
    for (const row of this.itemsOf(column)) {
      if (this.need[row] === 0 || --this.need[row]! > 0) continue;
      this.nCovered++;
      this.coveredWeight += this.weights === undefined ? 1 : this.weights[row]!;
      this.eachColumn(row, (other) => this.nOpen[other]!--);
    }
  }

  /** Ask one tag more of every item that has one; false if none has. */
  deepen(): boolean {
    this.depth++;
    let isDeeper = false;
    this.cells.nDistinct.forEach((n, row) => {
      if (n < this.depth) return;
      isDeeper = true;
      if (this.need[row]!++ > 0) return;
      this.nCovered--;
      this.eachColumn(row, (other) => this.nOpen[other]!++);
    });
    return isDeeper;
  }

  /** Call for each column of a row, once where a cell is repeated. */
  private eachColumn(row: number, call: (column: number) => void): void {
    const { offsets, indices } = this.rows;
    const end = offsets[row + 1]!;
    this.visit++;
    for (let cell = offsets[row]!; cell < end; cell++) {
      const column = indices[cell]!;
      if (this.lastVisit[column] === this.visit) continue;
      this.lastVisit[column] = this.visit;
      call(column);
    }
  }
}
