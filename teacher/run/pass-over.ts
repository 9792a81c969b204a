import { TagdistillError } from '../../src/core/errors.js';
import type { RowProblems } from '../../src/dataset/row-problems.js';

/** Count a source whose question cannot be made, e.g. for a video that cannot be read; other errors are thrown on. */
export function passOver(error: unknown, problems: RowProblems): null {
  if (!(error instanceof TagdistillError) || error.code !== 'E_BAD_ROW') throw error;
  problems.add(error.message, error.hint ?? 'Mend the row, or leave it out.', {});
  return null;
}
