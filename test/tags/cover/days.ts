import { SparseRowsBuilder, type SparseRows } from '../../../src/core/sparse.js';
import type { DayOfTags } from '../../../src/tags/index.js';

/** Make rows of the columns listed for each. */
export function rowsOf(cells: readonly (readonly number[])[], nColumns: number): SparseRows {
  const builder = new SparseRowsBuilder();
  for (const row of cells) {
    for (const column of row) builder.push(column, 1);
    builder.endRow();
  }
  return builder.finish(nColumns);
}

/** Make a day of items, each a text of tags with spaces between. */
export function dayOf(date: string, items: readonly string[]): DayOfTags {
  const split = items.map((item) => item.split(' ').filter((tag) => tag !== ''));
  const tags = [...new Set(split.flat())];
  return {
    date,
    tags,
    rows: rowsOf(
      split.map((row) => row.map((tag) => tags.indexOf(tag))),
      tags.length,
    ),
  };
}

/** The nth day of a stream. */
export function dateOf(n: number): string {
  return new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
}
