import type { RecordBatch } from 'apache-arrow';
import { readArrowBatches } from './arrow-reader.js';
import type { InputRecord } from './input-record.js';

/** Read the rows of an Arrow IPC file as plain values. */
export async function* readArrowRecords(path: string): AsyncGenerator<InputRecord> {
  let row = 0;
  for await (const batch of readArrowBatches(path)) {
    for (const value of plainRows(batch)) yield { place: { file: path, row: row++ }, value };
  }
}

/** List the rows of a record batch as plain objects; a bigint that a number does not hold becomes a text. */
export function* plainRows(batch: RecordBatch): Generator<Record<string, unknown>> {
  const columns = batch.schema.fields.map(({ name }) => ({ name, vector: batch.getChild(name)! }));
  for (let row = 0; row < batch.numRows; row++) {
    const cells = columns.map(({ name, vector }) => [name, plain(vector.get(row))] as const);
    yield Object.fromEntries(cells.filter(([, value]) => value !== null));
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Symbol.iterator in value && !('toJSON' in value && !('length' in value))) {
    return Array.from(value as Iterable<unknown>, plain);
  }
  const entries = Object.entries('toJSON' in value ? (value as { toJSON(): object }).toJSON() : value);
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]));
}
