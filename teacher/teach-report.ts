import type { TagdistillError } from '../src/core/errors.js';
import type { Space } from '../src/core/space.js';
import type { Split } from '../src/dataset/rows.js';
import type { TagSpaceCounts } from './answers/count-tags.js';

/** What came of a teacher run. */
export interface TeachReport {
  readonly dir: string;
  readonly nItems: number;
  readonly nBySplit: Readonly<Record<Split, number>>;
  /** Length of the items' vectors, where they have some. */
  readonly nDims?: number;
  /** Answers stored, the unparseable ones included. */
  readonly nAnswers: number;
  readonly nUnparseable: number;
  /** Lines left out and answers that cannot be read. */
  readonly nProblems: number;
  /** The first of them. */
  readonly problems: readonly TagdistillError[];
  /** Things in usable answers that could not be used as given, e.g. a strength of 1.7. */
  readonly nNotes: number;
  /** The first of them. */
  readonly notes: readonly string[];
  readonly tags: Readonly<Partial<Record<Space, TagSpaceCounts>>>;
  readonly nEdges: number;
}
