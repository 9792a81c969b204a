import { TagdistillError, type TagdistillErrorOptions } from '../core/errors.js';

/** Where a row stands: a file, and its 1-based line or 0-based table row. */
export type RowPlace = Pick<TagdistillErrorOptions, 'file' | 'line' | 'row'>;

/** Counts rows that cannot be used, so that none disappears silently; in strict mode the first one throws. */
export class RowProblems {
  /** The first problems, for people to read. */
  readonly first: TagdistillError[] = [];
  count = 0;

  constructor(
    private readonly strict: boolean,
    private readonly keep = 20,
  ) {}

  /**
   * Record that a row was left out, and why.
   *
   * @throws TagdistillError `E_BAD_ROW` in strict mode
   */
  add(message: string, hint: string, place: RowPlace): void {
    const problem = new TagdistillError('E_BAD_ROW', message, { hint, ...place });
    if (this.strict) throw problem;
    this.count++;
    if (this.first.length < this.keep) this.first.push(problem);
  }
}
