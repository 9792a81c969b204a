import { CsvError, parse } from 'csv-parse';
import { TagdistillError } from '../core/errors.js';
import { asReadError, openBytes } from './byte-source.js';
import type { InputRecord, ReadRecordsOptions } from './input-record.js';

/** Columns that hold a list: JSON (`["a","b"]`), or tags with `|` or `;` between them. */
const LIST_COLUMNS = new Set(['tags', 'item_tags', 'user_tags']);

/**
 * Read CSV, or TSV by its ending, with a header row. An empty cell is left out of its record.
 *
 * @throws TagdistillError `E_FILE_FORMAT` where quotes do not close
 */
export async function* readCsvRecords(
  path: string,
  { problems }: ReadRecordsOptions,
): AsyncGenerator<InputRecord> {
  const source = await openBytes(path);
  const parser = parse({
    bom: true,
    columns: true,
    delimiter: /\.tsv(\.gz)?$/i.test(path) ? '\t' : ',',
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let nColumns = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRow>) {
      const place = { file: path, line: info.lines };
      nColumns = info.columns.length;
      if (info.error !== undefined) {
        problems.add(
          `a row of another length than the header's ${nColumns} columns`,
          'Quote cells that hold a comma or a line break.',
          place,
        );
        continue;
      }
      const cells = Object.entries(record).filter(([, cell]) => cell !== '');
      if (cells.some(([, cell]) => cell.includes('\ufffd'))) {
        problems.add('the row is not valid UTF-8', 'Save the file as UTF-8.', place);
        continue;
      }
      yield { place, value: Object.fromEntries(cells.map(([name, cell]) => [name, readCell(name, cell)])) };
    }
  } catch (cause) {
    if (cause instanceof CsvError) {
      throw new TagdistillError('E_FILE_FORMAT', cause.message, {
        file: path,
        hint: 'Check the quotes near that line.',
        cause,
      });
    }
    throw asReadError(path, cause);
  }
}

interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number; readonly columns: readonly unknown[]; readonly error?: Error };
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
