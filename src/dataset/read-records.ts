import { TagdistillError } from '../core/errors.js';
import { readArrowRecords } from './read-arrow-records.js';
import { readCsvRecords } from './read-csv-records.js';
import { readJsonlRecords } from './read-jsonl-records.js';
import { readParquetRecords } from './read-parquet-records.js';
import type { InputRecord, ReadRecordsOptions } from './input-record.js';

type RecordReader = (path: string, options: ReadRecordsOptions) => AsyncIterable<InputRecord>;

const TEXT_READERS: Readonly<Record<string, RecordReader>> = {
  jsonl: readJsonlRecords,
  ndjson: readJsonlRecords,
  json: readJsonlRecords,
  csv: readCsvRecords,
  tsv: readCsvRecords,
};
const READERS: ReadonlyMap<string, RecordReader> = new Map([
  ...Object.entries(TEXT_READERS),
  ...Object.entries(TEXT_READERS).map(([ending, read]) => [`${ending}.gz`, read] as const),
  ['parquet', readParquetRecords],
  ['arrow', readArrowRecords],
  ['feather', readArrowRecords],
]);

/**
 * Read the rows of a file as records, one at a time: JSONL, CSV or TSV (each also with `.gz`), Parquet or Arrow.
 * `-` is JSONL from the standard input.
 *
 * @throws TagdistillError `E_FILE_FORMAT` for an unknown ending, `E_FILE_MISSING`, `E_FILE_EMPTY`, `E_ABORTED`
 */
export async function* readRecords(path: string, options: ReadRecordsOptions): AsyncGenerator<InputRecord> {
  const ending = /\.([a-z0-9]+(?:\.gz)?)$/i.exec(path)?.[1]?.toLowerCase();
  const read = path === '-' ? readJsonlRecords : READERS.get(ending ?? '');
  if (read === undefined) {
    throw new TagdistillError(
      'E_FILE_FORMAT',
      `unknown ending ${ending === undefined ? '(none)' : `.${ending}`}`,
      {
        file: path,
        hint: `Known endings: ${[...READERS.keys()].map((name) => `.${name}`).join(', ')}.`,
      },
    );
  }
  for await (const record of read(path, options)) {
    if (options.signal?.aborted === true) {
      throw new TagdistillError('E_ABORTED', 'reading was stopped', {
        file: path,
        cause: options.signal.reason,
      });
    }
    yield record;
  }
}
