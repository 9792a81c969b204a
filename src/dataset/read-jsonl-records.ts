import { messageOf } from '../core/errors.js';
import type { InputRecord, ReadRecordsOptions } from './input-record.js';
import { show } from './show.js';
import { readTextLines } from './text-lines.js';

const ARRAY_HINT = "One object a line is wanted, not an array: jq -c '.[]' makes lines of an array.";

/** Read JSON Lines: one object a line; blank lines are passed over, other lines are counted as problems. */
export async function* readJsonlRecords(
  path: string,
  { problems, signal }: ReadRecordsOptions,
): AsyncGenerator<InputRecord> {
  const hint = 'Each line is one JSON object in UTF-8, e.g. {"id":"1","text":"..."}.';
  for await (const { line, text } of readTextLines(path, signal)) {
    const place = { file: path, line };
    if (text === null) {
      problems.add('the line is not valid UTF-8', hint, place);
      continue;
    }
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const isArray = line === 1 && text.trimStart().startsWith('[');
      problems.add(`invalid JSON: ${messageOf(error)}`, isArray ? ARRAY_HINT : hint, place);
      continue;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.add(`no JSON object: ${show(value)}`, Array.isArray(value) ? ARRAY_HINT : hint, place);
      continue;
    }
    yield { place, value: value as Record<string, unknown> };
  }
}
