import { tableFromIPC } from 'apache-arrow';
import { readFile } from 'node:fs/promises';
import { TagdistillError, messageOf } from '../core/errors.js';
import { openBytes } from './byte-source.js';
import { plainRows } from './read-arrow-records.js';
import type { InputRecord } from './input-record.js';

/**
 * Read the rows of a Parquet file as plain values. The file is read whole.
 *
 * @throws TagdistillError `E_FILE_FORMAT` for a file that is cut short or no Parquet
 */
export async function* readParquetRecords(path: string): AsyncGenerator<InputRecord> {
  (await openBytes(path)).destroy(); // the same checks of missing, empty and folder
  const bytes = await readFile(path);
  // Loaded only here: its WebAssembly module is several megabytes.
  const { readParquet } = await import('parquet-wasm/node');
  let table;
  try {
    table = tableFromIPC(readParquet(bytes).intoIPCStream());
  } catch (cause) {
    throw new TagdistillError('E_FILE_FORMAT', `cannot read Parquet: ${messageOf(cause)}`, {
      file: path,
      hint: `The file has ${bytes.length} bytes; if it was cut short, copy it again.`,
      cause,
    });
  }
  let row = 0;
  for (const batch of table.batches) {
    for (const value of plainRows(batch)) yield { place: { file: path, row: row++ }, value };
  }
}
