import {
  type Data,
  DataType,
  type FixedSizeList,
  type Float32,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  type Schema,
  Struct,
} from 'apache-arrow';
import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { TagdistillError, messageOf } from '../core/errors.js';
import { VectorColumn } from './embedding-column.js';
import { schemaOf, type SchemaOptions, type TableName, type Tables } from './schemas.js';

const ROWS_PER_BATCH = 8192;

/** Gathers the cells of a column for one record batch. */
interface ColumnBuilder {
  append(value: unknown): unknown;
  flush(): Data;
}

/**
 * Writes one table as an Arrow IPC file: batch by batch to a temporary name beside the target, renamed at the end.
 *
 * The same rows give the same bytes. Nothing stands at the target until {@link ArrowFileWriter.close}.
 */
export class ArrowFileWriter<Name extends TableName> {
  nRows = 0;
  private readonly builders: readonly ColumnBuilder[];
  private nPending = 0;
  private isClosed = false;
  private readonly writer = new RecordBatchFileWriter();
  private readonly pump: ChunkPump;

  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
    private readonly schema: Schema,
  ) {
    this.builders = schema.fields.map(({ type }) =>
      DataType.isFixedSizeList(type)
        ? new VectorColumn(type as FixedSizeList<Float32>)
        : makeBuilder({ type: type as DataType, nullValues: [null, undefined] }),
    );
    this.writer.reset(undefined, schema);
    this.pump = new ChunkPump(this.writer, handle);
  }

  /** @throws TagdistillError `E_FILE_WRITE` if the folder cannot be written to */
  static async create<Name extends TableName>(
    path: string,
    table: Name,
    options: SchemaOptions = {},
  ): Promise<ArrowFileWriter<Name>> {
    const temporary = `${path}.tmp-${randomBytes(4).toString('hex')}`;
    const handle = await open(temporary, 'wx').catch((cause: unknown) => refuse(path, cause));
    return new ArrowFileWriter<Name>(path, temporary, handle, schemaOf(table, options));
  }

  /** @throws TagdistillError `E_FILE_WRITE` if the disk refuses */
  async append(row: Tables[Name]): Promise<void> {
    const values = row as unknown as Readonly<Record<string, unknown>>;
    this.schema.fields.forEach((field, column) => {
      const value = values[field.name];
      const type = field.type as DataType;
      // 64-bit integers are built from bigints.
      const isInt64 = DataType.isInt(type) && type.bitWidth === 64;
      this.builders[column]!.append(isInt64 && typeof value === 'number' ? BigInt(value) : value);
    });
    this.nRows++;
    if (++this.nPending >= ROWS_PER_BATCH) await this.flush();
  }

  async appendAll(rows: Iterable<Tables[Name]> | AsyncIterable<Tables[Name]>): Promise<void> {
    for await (const row of rows) await this.append(row);
  }

  /** Finish the file, bring it to the disk and give it its name; a second call does nothing. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      if (this.nPending > 0 || this.nRows === 0) await this.flush();
      this.writer.finish();
      this.writer.close();
      await this.pump.ended();
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, this.path);
    } catch (cause) {
      await this.abort();
      refuse(this.path, cause);
    }
  }

  /** Give up: the temporary file goes, the target stays as it was. */
  async abort(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.temporary, { force: true });
  }

  private async flush(): Promise<void> {
    const children = this.builders.map((builder) => builder.flush());
    const data = makeData({
      type: new Struct(this.schema.fields),
      length: this.nPending,
      nullCount: 0,
      children,
    });
    this.nPending = 0;
    this.writer.write(new RecordBatch(this.schema, data));
    await this.pump.drained().catch((cause: unknown) => refuse(this.path, cause));
  }
}

/** Moves the writer's bytes to the file as they come, so that only a batch is held in memory. */
class ChunkPump {
  private isIdle = false;
  private failure: unknown;
  private readonly done: Promise<void>;

  constructor(
    source: AsyncIterable<Uint8Array>,
    private readonly handle: FileHandle,
  ) {
    this.done = this.run(source[Symbol.asyncIterator]()).catch((error: unknown) => {
      this.failure = error;
      this.isIdle = true;
    });
  }

  async drained(): Promise<void> {
    // A queued chunk is taken within the microtasks of this tick: idle at the next tick means empty.
    do await new Promise(setImmediate);
    while (!this.isIdle);
    if (this.failure !== undefined) throw this.failure as Error;
  }

  async ended(): Promise<void> {
    await this.done;
    if (this.failure !== undefined) throw this.failure as Error;
  }

  private async run(chunks: AsyncIterator<Uint8Array>): Promise<void> {
    for (;;) {
      this.isIdle = true;
      const next = await chunks.next();
      this.isIdle = false;
      if (next.done === true) return;
      await this.handle.writeFile(next.value);
    }
  }
}

function refuse(path: string, cause: unknown): never {
  if (cause instanceof TagdistillError) throw cause;
  throw new TagdistillError('E_FILE_WRITE', `cannot write: ${messageOf(cause)}`, {
    file: path,
    hint: 'Check free space and permissions; no half file was left.',
    cause,
  });
}
