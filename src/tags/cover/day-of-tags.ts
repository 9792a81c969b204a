import { TagdistillError } from '../../core/errors.js';
import { SparseRowsBuilder, type SparseRows } from '../../core/sparse.js';

/** The items that were tagged on one day, in one space. */
export interface DayOfTags {
  /** ISO 8601 date, e.g. `2026-11-24`. */
  readonly date: string;
  /** Canonical tags; a tag's place is its column. */
  readonly tags: readonly string[];
  /** Items by tags; values do not matter. */
  readonly rows: SparseRows;
}

/** The items of several days over one list of tags. */
export interface Window {
  readonly tags: readonly string[];
  readonly columnOf: ReadonlyMap<string, number>;
  readonly rows: SparseRows;
  /** shape [nDays + 1]; day d has the rows from `starts[d]` to `starts[d + 1]` */
  readonly starts: Uint32Array;
}

/** Put days one below the other. */
export function windowOf(days: readonly DayOfTags[]): Window {
  const columnOf = new Map<string, number>();
  const builder = new SparseRowsBuilder();
  const starts = new Uint32Array(days.length + 1);
  days.forEach(({ tags, rows: { offsets, indices } }, day) => {
    const columns = Uint32Array.from(tags, (tag) => {
      let column = columnOf.get(tag);
      if (column === undefined) columnOf.set(tag, (column = columnOf.size));
      return column;
    });
    for (let row = 0; row + 1 < offsets.length; row++) {
      for (let cell = offsets[row]!; cell < offsets[row + 1]!; cell++)
        builder.push(columns[indices[cell]!]!, 1);
      builder.endRow();
    }
    starts[day + 1] = starts[day]! + offsets.length - 1;
  });
  return { tags: [...columnOf.keys()], columnOf, rows: builder.finish(columnOf.size), starts };
}

/** Tell whether two days hold the same items with the same tags, whatever the order of the columns. */
export function isSameDay(a: DayOfTags, b: DayOfTags): boolean {
  const [one, other] = [a.rows, b.rows];
  return (
    a.date === b.date &&
    one.offsets.length === other.offsets.length &&
    one.indices.length === other.indices.length &&
    one.offsets.every((offset, row) => offset === other.offsets[row]) &&
    one.indices.every((column, cell) => a.tags[column] === b.tags[other.indices[cell]!])
  );
}

/** @throws TagdistillError `E_BAD_OPTION` if the text is no calendar date in ISO 8601 */
export function checkDate(date: string): void {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(date)) return;
  throw new TagdistillError('E_BAD_OPTION', `the date is ${JSON.stringify(date)}`, {
    hint: 'Give it as year-month-day, e.g. 2026-11-24.',
  });
}
