import { TagdistillError } from '../core/errors.js';
import type { SparseRows } from '../core/sparse.js';

export interface CoverSetOptions {
  /** Stop once this share of the items is covered, in [0, 1]. */
  readonly tau?: number;
  /** An item is covered once this many of its tags are chosen, or all of them where it has fewer. */
  readonly depth?: number;
  /** Columns that are in the set already; they are kept if any item has them. */
  readonly current?: readonly number[];
}

/** A small set of columns that covers the rows. */
export interface CoverSet {
  /** Kept columns in the order given, then new ones in the order chosen. */
  readonly chosen: readonly CoverChoice[];
  /** nCovered / nItems; NaN without items. */
  readonly recall: number;
  /** The recall of the kept columns alone. */
  readonly recallBefore: number;
  /** Rows with at least one tag; only they count. */
  readonly nItems: number;
  readonly nCovered: number;
}

export interface CoverChoice {
  readonly column: number;
  /** Items that have the tag. */
  readonly itemsCovered: number;
  /** Items that were not covered yet and have the tag, when it was chosen. */
  readonly marginalGain: number;
}

/**
 * Choose few tags that cover a share `tau` of the items, greedily: the tag of most uncovered items comes next.
 *
 * Equal gains are broken by the lower column, so runs repeat. Ends early only when every item is covered. The
 * published algorithm intersects where it must unite what the chosen tags cover; this one unites.
 *
 * @param rows items by tags; values do not matter
 * @throws TagdistillError `E_BAD_OPTION` if tau is outside [0, 1], depth no positive integer, or a column unknown
 * @see Yu et al. 2025 (TagCF), Algorithm 1
 */
export function coverSet(
  rows: SparseRows,
  { tau = 0.99, depth = 1, current = [] }: CoverSetOptions = {},
): CoverSet {
  checkOptions(rows, tau, depth, current);
  const { byRow, byColumn } = distinctCells(rows);
  const nRows = byRow.length;
  const need = new Uint32Array(nRows); // tags still to choose until the row is covered
  const gains = new Uint32Array(rows.nColumns);
  let nItems = 0;
  byRow.forEach((columns, row) => {
    need[row] = Math.min(depth, columns.length);
    if (columns.length > 0) nItems++;
  });
  byColumn.forEach((items, column) => (gains[column] = items.length));

  let nCovered = 0;
  const chosen: CoverChoice[] = [];
  const isChosen = new Uint8Array(rows.nColumns);
  const choose = (column: number): void => {
    if (isChosen[column] === 1) return;
    const items = byColumn[column]!;
    chosen.push({ column, itemsCovered: items.length, marginalGain: gains[column]! });
    isChosen[column] = 1;
    for (const row of items) {
      if (need[row] === 0) continue;
      need[row]!--;
      if (need[row] !== 0) continue;
      nCovered++;
      for (const other of byRow[row]!) gains[other]!--;
    }
  };

  for (const column of current) if (byColumn[column]!.length > 0) choose(column);
  const recallBefore = nCovered / nItems;
  const queue = new LazyMaxQueue(gains);
  while (nCovered / nItems < tau) {
    const column = queue.next(isChosen);
    if (column === undefined) break;
    choose(column);
  }
  return { chosen, recall: nCovered / nItems, recallBefore, nItems, nCovered };
}

function checkOptions(rows: SparseRows, tau: number, depth: number, current: readonly number[]): void {
  if (!(tau >= 0 && tau <= 1)) {
    throw new TagdistillError('E_BAD_OPTION', `tau is ${tau}`, {
      hint: 'Give a share from 0 to 1, e.g. 0.99.',
    });
  }
  if (!Number.isInteger(depth) || depth < 1) {
    throw new TagdistillError('E_BAD_OPTION', `depth is ${depth}`, {
      hint: 'Give a whole number from 1 up.',
    });
  }
  for (const column of current) {
    if (Number.isInteger(column) && column >= 0 && column < rows.nColumns) continue;
    throw new TagdistillError('E_BAD_OPTION', `current names column ${column} of ${rows.nColumns}`, {
      hint: 'Give columns of these rows.',
    });
  }
}

/** List each row's columns and each column's rows, a repeated cell once. */
function distinctCells(rows: SparseRows): { byRow: Uint32Array[]; byColumn: Uint32Array[] } {
  const nRows = rows.offsets.length - 1;
  const lastRow = new Int32Array(rows.nColumns).fill(-1);
  const sizes = new Uint32Array(rows.nColumns);
  const byRow: Uint32Array[] = [];
  for (let row = 0; row < nRows; row++) {
    const columns = rows.indices.subarray(rows.offsets[row], rows.offsets[row + 1]).filter((column) => {
      const isNew = lastRow[column] !== row;
      lastRow[column] = row;
      if (isNew) sizes[column]!++;
      return isNew;
    });
    byRow.push(columns);
  }
  const byColumn = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  byRow.forEach((columns, row) => {
    for (const column of columns) byColumn[column]![sizes[column]!++] = row;
  });
  return { byRow, byColumn };
}

/**
 * Hands out columns by current gain. Gains only fall, so a heap of old gains bounds them from above: an entry is
 * brought up to date only when it reaches the root (lazy greedy, Minoux 1978).
 */
class LazyMaxQueue {
  private readonly heap: Uint32Array; // columns
  private readonly known: Uint32Array; // gain at which a column stands in the heap
  private size: number;

  constructor(private readonly gains: Uint32Array) {
    this.known = gains.slice();
    this.heap = Uint32Array.from(gains.keys());
    this.size = gains.length;
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.siftDown(i);
  }

  /** Take the unchosen column of the largest gain, the lowest of equals; undefined once every gain is 0. */
  next(isChosen: Uint8Array): number | undefined {
    while (this.size > 0) {
      const column = this.heap[0]!;
      const gain = isChosen[column] === 1 ? 0 : this.gains[column]!;
      if (gain > 0 && gain < this.known[column]!) {
        this.known[column] = gain;
        this.siftDown(0);
        continue;
      }
      this.heap[0] = this.heap[--this.size]!;
      this.siftDown(0);
      if (gain > 0) return column;
    }
    return undefined;
  }

  private siftDown(from: number): void {
    let i = from;
    for (;;) {
      let best = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < this.size && this.precedes(this.heap[child]!, this.heap[best]!)) best = child;
      }
      if (best === i) return;
      [this.heap[i], this.heap[best]] = [this.heap[best]!, this.heap[i]!];
      i = best;
    }
  }

  private precedes(a: number, b: number): boolean {
    return this.known[a]! > this.known[b]! || (this.known[a] === this.known[b] && a < b);
  }
}
