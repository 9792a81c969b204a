import type { SparseRows } from '../../core/sparse.js';
import type { OpenItems } from './open-items.js';

/** Tells whether a column lies too near to one that is chosen. */
export interface OverlapGuard {
  add(column: number): void;
  blocks(column: number): boolean;
}

/** Guard by meaning: the cosine of two columns' vectors; a vector of zeros is near to nothing. */
export class CosineGuard implements OverlapGuard {
  private chosen = new Float32Array(0); // [capacity, nDims], length 1 each
  private nChosen = 0;

  constructor(
    private readonly vectorOf: (column: number) => Float32Array,
    private readonly maxOverlap: number,
  ) {}

  add(column: number): void {
    const unit = unitVector(this.vectorOf(column));
    const start = this.nChosen * unit.length;
    if (start + unit.length > this.chosen.length) {
      const larger = new Float32Array(Math.max(64 * unit.length, 2 * this.chosen.length));
      larger.set(this.chosen);
      this.chosen = larger;
    }
    this.chosen.set(unit, start);
    this.nChosen++;
  }

  blocks(column: number): boolean {
    const unit = unitVector(this.vectorOf(column));
    const end = this.nChosen * unit.length;
    for (let start = 0; start < end; start += unit.length) {
      let cosine = 0;
      for (let dim = 0; dim < unit.length; dim++) cosine += unit[dim]! * this.chosen[start + dim]!;
      if (cosine > this.maxOverlap) return true;
    }
    return false;
  }
}

/** Guard by use: the Jaccard index of the items that two columns have. */
export class JaccardGuard implements OverlapGuard {
  private readonly isChosen: Uint8Array;
  private readonly shared: Uint32Array; // [nColumns], items shared with the column asked about

  constructor(
    private readonly rows: SparseRows,
    private readonly items: OpenItems,
    private readonly maxOverlap: number,
  ) {
    this.isChosen = new Uint8Array(rows.nColumns);
    this.shared = new Uint32Array(rows.nColumns);
  }

  add(column: number): void {
    this.isChosen[column] = 1;
  }

  blocks(column: number): boolean {
    const near = new Set<number>();
    for (const row of this.items.itemsOf(column)) {
      for (const other of this.chosenOf(row)) {
        near.add(other);
        this.shared[other]!++;
      }
    }
    let isBlocked = false;
    for (const other of near) {
      const shared = this.shared[other]!;
      const union = this.items.usesOf(column) + this.items.usesOf(other) - shared;
      if (shared / union > this.maxOverlap) isBlocked = true;
      this.shared[other] = 0;
    }
    return isBlocked;
  }

  private chosenOf(row: number): Set<number> {
    const chosen = new Set<number>();
    for (let cell = this.rows.offsets[row]!; cell < this.rows.offsets[row + 1]!; cell++) {
      const column = this.rows.indices[cell]!;
      if (this.isChosen[column] === 1) chosen.add(column);
    }
    return chosen;
  }
}

function unitVector(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
