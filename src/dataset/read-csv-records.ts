import { CsvError, parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { TagdistillError } from '../core/errors.js';
import { asReadError, openBytes } from './byte-source.js';
import { LineCounter } from './line-counter.js';
import type { InputRecord, ReadRecordsOptions } from './input-record.js';

/** Columns that hold a list: JSON (`["a","b"]`), or tags with `|` or `;` between them. */
const LIST_COLUMNS = new Set(['tags', 'item_tags', 'user_tags']);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Read CSV, or TSV by its ending, with a header row. An empty cell is left out of its record.
 *
 * @throws TagdistillError `E_FILE_FORMAT` where quotes do not close, or the header is not valid UTF-8
 */
export async function* readCsvRecords(
  path: string,
  { problems, signal }: ReadRecordsOptions,
): AsyncGenerator<InputRecord> {
  const source = await openBytes(path, signal);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (cell: string): string => utf8.decode(Buffer.from(cell, 'latin1'));
  const parser = parse({
    // Each character is a byte until the cells are known, so that invalid UTF-8 is found in its row.
    encoding: 'latin1',
    columns: (names: string[]) => names.map(decode),
    delimiter: /\.tsv(\.gz)?$/i.test(path) ? '\t' : ',',
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
  });
  const lines = new LineCounter();
  const bytes = Readable.from(counted(withoutByteOrderMark(source), lines), { objectMode: false });
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRow>) {
      const cells = Object.entries(record).filter(([, cell]) => cell !== '');
      const place = { file: path, line: lines.lineOf(info.bytes - 1) - countLineBreaks(cells) };
      if (info.error !== undefined) {
        problems.add(
          `a row of another length than the header's ${info.columns.length} columns`,
          'Quote cells that hold a comma or a line break.',
          place,
        );
        continue;
      }
      let value: Record<string, unknown>;
      try {
        value = Object.fromEntries(cells.map(([name, cell]) => [name, readCell(name, decode(cell))]));
      } catch {
        problems.add('the row is not valid UTF-8', 'Save the file as UTF-8.', place);
        continue;
      }
      yield { place, value };
    }
  } catch (cause) {
    throw asCsvError(path, cause, lines);
  } finally {
    bytes.destroy();
  }
}

interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly bytes: number; readonly columns: readonly unknown[]; readonly error?: Error };
}

async function* withoutByteOrderMark(source: Readable): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of source as AsyncIterable<Buffer>) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < BYTE_ORDER_MARK.length) continue;
    yield startsWithMark(head) ? head.subarray(BYTE_ORDER_MARK.length) : head;
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
}

async function* counted(chunks: AsyncIterable<Buffer>, lines: LineCounter): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    lines.feed(chunk);
    yield chunk;
  }
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
}

/** Lines that a row has beyond its first: its place is where it starts. */
function countLineBreaks(cells: readonly (readonly [string, string])[]): number {
  return cells.reduce((sum, [, cell]) => sum + (cell.split('\n').length - 1), 0);
}

function readCell(name: string, cell: string): unknown {
  if (!LIST_COLUMNS.has(name)) return cell;
  if (cell.trimStart().startsWith('[')) {
    try {
      return JSON.parse(cell) as unknown;
    } catch {
      return cell; // no list, and said so where lists are checked
    }
  }
  return cell
    .split(/[|;]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function asCsvError(path: string, cause: unknown, lines: LineCounter): TagdistillError {
  if (cause instanceof CsvError) {
    const isOpen = cause.code === 'CSV_QUOTE_NOT_CLOSED';
    const message = isOpen
      ? 'a quote opens here and does not close before the end of the file'
      : `a quote stands where none may stand (${cause.code})`;
    const bytes: unknown = cause['bytes'];
    return new TagdistillError('E_FILE_FORMAT', message, {
      file: path,
      ...(typeof bytes === 'number' && { line: lines.lineOf(bytes) }),
      hint: 'Check the quotes near that line: a quote inside a quoted cell is written twice.',
      cause,
    });
  }
  if (cause instanceof TypeError && 'code' in cause && cause.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new TagdistillError('E_FILE_FORMAT', 'the header is not valid UTF-8', {
      file: path,
      line: 1,
      hint: 'Save the file as UTF-8.',
      cause,
    });
  }
  return asReadError(path, cause);
}
