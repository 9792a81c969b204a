import {
  DataType,
  RecordBatchReader,
  type Field,
  type Float,
  type RecordBatch,
  type Schema,
  type Vector,
} from 'apache-arrow';
import { open, type FileHandle } from 'node:fs/promises';
import { TagdistillError, messageOf } from '../core/errors.js';
import { EMBEDDING } from './embedding-column.js';
import { fieldsOf, type TableName, type Tables } from './schemas.js';

const MAGIC = 'ARROW1';
const VECTOR_TABLES: ReadonlySet<TableName> = new Set(['items', 'encoded_texts']);

/** Reads one cell of a column: a text, a number, a list of texts, a vector, or null. */
type CellReader = (row: number) => unknown;

/**
 * Read a table batch by batch; memory holds one batch.
 *
 * Texts may also be LargeUtf8 or dictionary-encoded, numbers of another width, vectors lists of any length; a
 * nullable column may be missing.
 *
 * @throws TagdistillError `E_FILE_MISSING`, `E_FILE_EMPTY`, `E_FILE_FORMAT` for a file that is cut short, is no
 *   Arrow file, or lacks a column
 */
export async function* readArrowRows<Name extends TableName>(
  path: string,
  table: Name,
): AsyncGenerator<readonly Tables[Name][]> {
  const expected = fieldsOf(table);
  for await (const batch of readArrowBatches(path)) {
    const columns = expected.map((field) => ({ name: field.name, read: columnReader(path, batch, field) }));
    const readVector = VECTOR_TABLES.has(table) ? vectorReader(path, batch) : undefined;
    const rows: Tables[Name][] = [];
    for (let row = 0; row < batch.numRows; row++) {
      const cells = Object.fromEntries(columns.map(({ name, read }) => [name, read(row)]));
      const embedding = readVector?.(row) ?? undefined;
      rows.push((embedding === undefined ? cells : { ...cells, embedding }) as unknown as Tables[Name]);
    }
    yield rows;
  }
}

/** Read any Arrow IPC file as record batches. Throws as {@link readArrowRows} does. */
export async function* readArrowBatches(path: string): AsyncGenerator<RecordBatch> {
  const handle = await openArrow(path);
  try {
    const reader = await RecordBatchReader.from(handle);
    await reader.open();
    for await (const batch of reader) yield batch;
  } catch (cause) {
    throw asFormatError(path, cause);
  } finally {
    await handle.close().catch(() => undefined); // the reader closes it at the end
  }
}

/** Read the schema of an Arrow IPC file, its metadata included. Throws as {@link readArrowRows} does. */
export async function readArrowSchema(path: string): Promise<Schema> {
  const handle = await openArrow(path);
  try {
    const reader = await RecordBatchReader.from(handle);
    await reader.open();
    return reader.schema;
  } catch (cause) {
    throw asFormatError(path, cause);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

async function openArrow(path: string): Promise<FileHandle> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_MISSING', `cannot open: ${messageOf(cause)}`, {
      file: path,
      hint: 'Check the path; a data set folder is made by `tagdistill import` or `tagdistill teach`.',
      cause,
    });
  });
  try {
    const { size } = await handle.stat();
    if (size === 0) {
      throw new TagdistillError('E_FILE_EMPTY', 'the file has 0 bytes', {
        file: path,
        hint: 'Write it again.',
      });
    }
    const ends = Buffer.alloc(2 * MAGIC.length);
    await handle.read(ends, 0, MAGIC.length, 0);
    await handle.read(ends, MAGIC.length, MAGIC.length, Math.max(0, size - MAGIC.length));
    const [first, last] = [ends.toString('latin1', 0, MAGIC.length), ends.toString('latin1', MAGIC.length)];
    if (first !== MAGIC) {
      throw new TagdistillError('E_FILE_FORMAT', `no Arrow IPC file: it does not start with ${MAGIC}`, {
        file: path,
        hint: 'The file format is wanted, not the stream format: write it with pyarrow.ipc.new_file(...).',
      });
    }
    if (last !== MAGIC) {
      throw new TagdistillError(
        'E_FILE_FORMAT',
        `the Arrow file is cut short: its ${size} bytes have no end mark`,
        {
          file: path,
          hint: 'It cannot be recovered from here: copy it again, or make the data set again.',
        },
      );
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function asFormatError(path: string, cause: unknown): TagdistillError {
  if (cause instanceof TagdistillError) return cause;
  const isCompressed = /compress|codec/i.test(messageOf(cause));
  return new TagdistillError('E_FILE_FORMAT', `cannot read the Arrow file: ${messageOf(cause)}`, {
    file: path,
    hint: isCompressed
      ? 'Write it without compression, e.g. pyarrow.ipc.new_file(...) or feather.write_feather(..., compression="uncompressed").'
      : 'Copy it again, or make it again.',
    cause,
  });
}

function columnReader(path: string, batch: RecordBatch, field: Field<DataType>): CellReader {
  const vector = batch.getChild<string>(field.name);
  if (vector === null) {
    if (field.nullable) return () => null;
    const found = batch.schema.fields.map(({ name }) => name).join(', ');
    throw new TagdistillError('E_FILE_FORMAT', `there is no column "${field.name}"; columns: ${found}`, {
      file: path,
      hint: 'docs/formats.md lists the columns of each table.',
    });
  }
  const read = cellReader(vector, field.type);
  if (read !== undefined) return read;
  throw new TagdistillError(
    'E_FILE_FORMAT',
    `column "${field.name}" should be ${typeName(field.type)}, found ${typeName(vector.type)}`,
    { file: path, hint: 'docs/formats.md lists the type of each column.' },
  );
}

/** Reads the column of vectors, where the file has them; a number that is missing inside one is NaN. */
function vectorReader(path: string, batch: RecordBatch): CellReader | undefined {
  const vector = batch.getChild(EMBEDDING);
  if (vector === null) return undefined;
  const type = vector.type as DataType;
  const isList = DataType.isFixedSizeList(type) || DataType.isList(type);
  if (!isList || !DataType.isFloat(type.children[0]!.type as DataType)) {
    throw new TagdistillError(
      'E_FILE_FORMAT',
      `column "${EMBEDDING}" should be a list of float32, found ${typeName(type)}`,
      { file: path, hint: 'docs/formats.md lists the type of each column.' },
    );
  }
  return (row) => {
    const list = vector.get(row) as Vector<Float> | null;
    if (list === null) return null;
    if (list.nullCount > 0) return Float32Array.from(list, (value: number | null) => value ?? NaN);
    return Float32Array.from(list.toArray() as ArrayLike<number>);
  };
}

function typeName(type: unknown): string {
  return String(type);
}

function cellReader(vector: Vector, wanted: DataType): CellReader | undefined {
  const found = DataType.isDictionary(vector.type)
    ? (vector.type.dictionary as DataType)
    : (vector.type as DataType);
  if (DataType.isUtf8(wanted)) {
    return isText(found) ? (row) => vector.get(row) as unknown : undefined;
  }
  if (DataType.isList(wanted)) {
    if (!DataType.isList(found) || !isText(found.children[0]!.type as DataType)) return undefined;
    return (row) => {
      const list = vector.get(row) as Vector | null;
      return list === null ? null : Array.from(list);
    };
  }
  if (!DataType.isInt(found) && !DataType.isFloat(found)) return undefined;
  return (row) => {
    const value = vector.get(row) as number | bigint | null;
    return typeof value === 'bigint' ? Number(value) : value;
  };
}

function isText(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
}
