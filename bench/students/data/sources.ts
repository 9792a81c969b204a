import type { DataSource } from './bench-split.js';
import { books, booksAtRandom } from './books.js';
import { debtags } from './debtags.js';
import { stackexchange, stackexchangeTest } from './stackexchange.js';
import { synthetic } from './synthetic.js';

/** Every data set of the benchmark, in the order of its tables. */
export const SOURCES: readonly DataSource[] = [
  debtags,
  books,
  booksAtRandom,
  stackexchange,
  stackexchangeTest,
  synthetic,
];
