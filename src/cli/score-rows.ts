import { readRecords } from '../dataset/read-records.js';
import type { RowProblems } from '../dataset/row-problems.js';
import { SeenIds } from '../dataset/seen-ids.js';
import { parseTextRow, type TextRow } from '../dataset/text-row.js';

/** Read rows `{"id","text"}` one at a time; other rows are counted with their place. Memory holds the ids. */
export async function* readScoreRows(
  path: string,
  options: { readonly problems: RowProblems; readonly signal?: AbortSignal },
): AsyncGenerator<TextRow> {
  const seen = new SeenIds();
  for await (const { place, value } of readRecords(path, options)) {
    const row = parseTextRow(value);
    if (typeof row === 'string') {
      options.problems.add(row, 'A row to score is {"id","text"}.', place);
      continue;
    }
    const repeated = seen.add(row.id, place);
    if (repeated === undefined) yield row;
    else options.problems.add(repeated, 'Give each item an id of its own, or drop one of the two.', place);
  }
}
