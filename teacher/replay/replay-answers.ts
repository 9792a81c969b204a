import { extname } from 'node:path';
import { z } from 'zod';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import { readRecords } from '../../src/dataset/read-records.js';
import type { RowPlace, RowProblems } from '../../src/dataset/row-problems.js';
import type { CallRow, Task } from '../../src/dataset/rows.js';
import { readId } from '../../src/dataset/text-row.js';

/** One recorded answer, from a line of JSONL or a row of `calls.arrow`. */
export interface RecordedAnswer {
  readonly place: RowPlace;
  readonly task: Task;
  readonly sourceId: string;
  readonly sample: number;
  readonly raw: string;
  /** False where the teacher said that it does not know the item. */
  readonly isKnown: boolean;
  /** The row it was stored as, kept as it stands. */
  readonly stored: CallRow | null;
}

const id = z.custom<string | number | bigint>((value) => readId(value) !== null, 'is no usable id');
const sample = z.int32('is no whole number').min(0, 'is below 0').default(0);
const raw = z.string("is not the answer's text");
const tagLine = z.object({ id, sample, raw, known: z.boolean('is neither true nor false').default(true) });
const targetLine = z.object({
  source: z.string('is no tag').refine((tag) => tag.trim() !== '', 'is blank'),
  direction: z.enum(['i2u', 'u2i'], 'is neither "i2u" nor "u2i"'),
  sample,
  raw,
});

const HINT =
  'An item2tag line is {"id","sample","raw"}, a tag2tag line {"source","direction","sample","raw"}; raw is text.';

/**
 * Read recorded answers in order: JSONL, or the `calls.arrow` of a data set, of which failed calls are passed over.
 *
 * @param problems counts lines that are no answers
 */
export async function* readAnswers(
  path: string,
  { problems, signal }: { readonly problems: RowProblems; readonly signal?: AbortSignal },
): AsyncGenerator<RecordedAnswer> {
  if (extname(path) === '.arrow') {
    yield* readCalls(path);
    return;
  }
  for await (const { place, value } of readRecords(
    path,
    signal === undefined ? { problems } : { problems, signal },
  )) {
    const isTarget = 'source' in value || 'direction' in value;
    const line = (isTarget ? targetLine : tagLine).safeParse(value);
    if (!line.success) {
      problems.add(line.error.issues.map(describe).join('; '), HINT, place);
      continue;
    }
    const { data } = line;
    yield {
      place,
      task: 'direction' in data ? data.direction : 'item2tag',
      sourceId: 'direction' in data ? data.source : readId(data.id)!,
      sample: data.sample,
      raw: data.raw,
      isKnown: 'direction' in data || data.known,
      stored: null,
    };
  }
}

async function* readCalls(file: string): AsyncGenerator<RecordedAnswer> {
  let row = 0;
  for await (const calls of readArrowRows(file, 'calls')) {
    for (const stored of calls) {
      const place = { file, row: row++ };
      if (stored.status === 'failed') continue;
      const { task, source_id: sourceId, sample: number } = stored;
      yield { place, task, sourceId, sample: number, raw: stored.raw_text, isKnown: true, stored };
    }
  }
}

function describe({ path, message, code }: z.core.$ZodIssue): string {
  const field = path.map(String).join('.') || 'line';
  return code === 'invalid_type' && message.includes('received undefined')
    ? `"${field}" is missing`
    : `"${field}" ${message}`;
}
