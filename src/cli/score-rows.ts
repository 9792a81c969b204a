import type { RowProblems } from '../dataset/row-problems.js';
import { readRecords } from '../dataset/read-records.js';

/** A row to score. */
export interface ScoreRow {
  readonly id: string;
  readonly text: string;
}

/** Read rows `{"id","text"}` one at a time; other rows are counted with their place. Memory holds one row. */
export async function* readScoreRows(
  path: string,
  options: { readonly problems: RowProblems; readonly signal?: AbortSignal },
): AsyncGenerator<ScoreRow> {
  const hint = 'A row to score is {"id","text"}.';
  for await (const { place, value } of readRecords(path, options)) {
    const id = typeof value['id'] === 'number' ? String(value['id']) : (value['id'] ?? value['item_id']);
    const { text } = value;
    if (typeof id !== 'string' || id === '') {
      options.problems.add(
        `"id" should be a text or a number, found ${JSON.stringify(id ?? null)}`,
        hint,
        place,
      );
    } else if (typeof text !== 'string') {
      options.problems.add(
        `"text" should be a text, found ${JSON.stringify(text ?? null).slice(0, 60)}`,
        hint,
        place,
      );
    } else if (text.trim() === '') {
      options.problems.add('"text" is empty', hint, place);
    } else {
      yield { id, text };
    }
  }
}
