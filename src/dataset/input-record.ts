import type { RowPlace, RowProblems } from './row-problems.js';

/** One row of an input table, with its place for messages. */
export interface InputRecord {
  readonly place: RowPlace;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface ReadRecordsOptions {
  /** Counts rows that are no records, or throws in strict mode. */
  readonly problems: RowProblems;
  readonly signal?: AbortSignal;
}
