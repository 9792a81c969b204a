import { EMBEDDING } from '../dataset/embedding-column.js';
import type { InputRecord } from '../dataset/input-record.js';
import { readRecords } from '../dataset/read-records.js';
import type { RowProblems } from '../dataset/row-problems.js';
import { SeenIds } from '../dataset/seen-ids.js';
import { parseTextRow, type TextRow } from '../dataset/text-row.js';

export interface ScoreRowsOptions {
  readonly problems: RowProblems;
  /** Length of the vectors that the student reads; undefined where it reads texts alone. */
  readonly nDims?: number;
  readonly signal?: AbortSignal;
}

/**
 * Read rows `{"id","text"}`, or `{"id","embedding"}` and both where the student reads vectors, one at a time.
 *
 * Other rows are counted with their place. Memory holds the ids.
 */
export async function* readScoreRows(
  path: string,
  { nDims, ...options }: ScoreRowsOptions,
): AsyncGenerator<TextRow> {
  const seen = new SeenIds();
  for await (const { place, value } of readRecords(path, options)) {
    const row = parseScoreRow(value, nDims);
    if (typeof row === 'string') {
      const shape = nDims === undefined ? '{"id","text"}' : '{"id","text","embedding"}';
      options.problems.add(row, `A row to score is ${shape}.`, place);
      continue;
    }
    const repeated = seen.add(row.id, place);
    if (repeated === undefined) yield row;
    else options.problems.add(repeated, 'Give each item an id of its own, or drop one of the two.', place);
  }
}

/** The row, or what is wrong with it. */
function parseScoreRow(value: InputRecord['value'], nDims: number | undefined): TextRow | string {
  if (nDims === undefined) {
    const { [EMBEDDING]: _, ...rest } = value;
    return parseTextRow(rest);
  }
  const row = parseTextRow(value);
  if (typeof row === 'string' || row.embedding === undefined || row.embedding.length === nDims) return row;
  return `"${EMBEDDING}" has ${row.embedding.length} numbers, the student reads ${nDims}`;
}
