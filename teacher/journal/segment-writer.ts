import { open, type FileHandle } from 'node:fs/promises';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { headerLine, segmentPath, syncFolder } from './segment-files.js';

/** Where a line was written. */
export interface LinePlace {
  readonly segment: number;
  readonly offset: number;
}

/** A line on its way to the disk; both fail alike. */
export interface AppendedLine {
  /** Resolves when the file has it: it survives this process, but not a machine without power. */
  readonly written: Promise<void>;
  /** Resolves when the disk has it. */
  readonly durable: Promise<LinePlace>;
}

interface Waiting {
  readonly line: Buffer;
  readonly resolveWritten: () => void;
  readonly resolve: (place: LinePlace) => void;
  readonly reject: (error: TagdistillError) => void;
}

interface Written extends Waiting {
  readonly place: LinePlace;
}

export interface SegmentWriterOptions {
  /** The last segment, which is written on; 0 where there is none. */
  readonly segment: number;
  /** Where its last whole line ends; 0 where its header is still to be written. */
  readonly sizeBytes: number;
  /** A segment that would pass this size is followed by a new one. */
  readonly segmentBytes: number;
}

const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Appends lines to the last segment. Those that come while a write is under way share the next one, and those that are
 * written while an fdatasync is under way share the next one of these; neither waits for the other.
 *
 * After the first failure nothing more is written: what stands behind a failed write cannot be relied upon.
 */
export class SegmentWriter {
  segment: number;
  /** Size of the last segment as far as it is on the disk. */
  sizeBytes: number;
  private readonly segmentBytes: number;
  private handle: FileHandle | null = null;
  private writtenBytes: number;
  private waiting: Waiting[] = [];
  private running: Promise<void> | null = null;
  private unsynced: Written[] = [];
  private syncing: Promise<void> | null = null;
  private failure: TagdistillError | null = null;

  constructor(
    private readonly dir: string,
    { segment, sizeBytes, segmentBytes }: SegmentWriterOptions,
  ) {
    this.segment = segment;
    this.sizeBytes = sizeBytes;
    this.writtenBytes = sizeBytes;
    this.segmentBytes = segmentBytes;
  }

  /** Write a line; both promises of it reject with `E_FILE_WRITE`. */
  append(line: Buffer): AppendedLine {
    const { failure } = this;
    if (failure !== null) return { written: Promise.reject(failure), durable: Promise.reject(failure) };
    let resolveWritten = (): void => undefined;
    let rejectWritten = (_error: TagdistillError): void => undefined;
    const written = new Promise<void>((resolve, reject) => {
      resolveWritten = resolve;
      rejectWritten = reject;
    });
    const durable = new Promise<LinePlace>((resolve, rejectDurable) => {
      const reject = (error: TagdistillError): void => {
        rejectWritten(error);
        rejectDurable(error);
      };
      this.waiting.push({ line, resolveWritten, resolve, reject });
    });
    this.running ??= this.run();
    return { written, durable };
  }

  /** Wait for the appends that were made, and close the file. */
  async close(): Promise<void> {
    await this.running;
    await this.syncing;
    await this.handle?.close();
    this.handle = null;
  }

  private async run(): Promise<void> {
    // All that this turn of the event loop brings goes into the first write.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const batch = this.takeBatch();
      try {
        await this.write(batch);
      } catch (cause) {
        await this.dropHalfLine(batch).catch(() => undefined); // else opening the journal drops it
        this.fail(batch, cause);
      }
    }
    this.running = null;
  }

  private takeBatch(): Waiting[] {
    let nLines = 0;
    let sizeBytes = 0;
    do sizeBytes += this.waiting[nLines++]!.line.length;
    while (nLines < this.waiting.length && sizeBytes + this.waiting[nLines]!.line.length <= MAX_BATCH_BYTES);
    return this.waiting.splice(0, nLines);
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.concat(batch.map(({ line }) => line));
    const handle = await this.handleFor(bytes.length);
    await writeAll(handle, bytes, this.writtenBytes);
    if (this.failure !== null) throw this.failure;
    for (const waiting of batch) {
      this.unsynced.push({ ...waiting, place: { segment: this.segment, offset: this.writtenBytes } });
      this.writtenBytes += waiting.line.length;
      waiting.resolveWritten();
    }
    this.syncing ??= this.sync(handle);
  }

  private async sync(handle: FileHandle): Promise<void> {
    while (this.unsynced.length > 0) {
      const group = this.unsynced;
      this.unsynced = [];
      try {
        await handle.datasync();
      } catch (cause) {
        this.fail([...group, ...this.unsynced.splice(0)], cause);
        break;
      }
      for (const { line, place, resolve } of group) {
        this.sizeBytes = place.offset + line.length;
        resolve(place);
      }
    }
    this.syncing = null;
  }

  private async handleFor(nBytes: number): Promise<FileHandle> {
    const isFull = this.segment === 0 || this.writtenBytes + nBytes > this.segmentBytes;
    const hasCalls = this.writtenBytes > headerLine().length;
    if (this.segment === 0 || (isFull && hasCalls)) {
      await this.syncing;
      await this.handle?.close();
      this.handle = null;
      this.handle = await open(segmentPath(this.dir, this.segment + 1), 'wx');
      this.segment++;
      this.sizeBytes = 0;
      this.writtenBytes = 0;
    }
    this.handle ??= await open(segmentPath(this.dir, this.segment), 'r+');
    if (this.sizeBytes === 0) {
      const header = headerLine();
      await writeAll(this.handle, header, 0);
      await this.handle.datasync();
      await syncFolder(this.dir);
      this.sizeBytes = header.length;
      this.writtenBytes = header.length;
    }
    return this.handle;
  }

  private fail(lines: readonly Waiting[], cause: unknown): void {
    const refused = [...lines, ...this.waiting];
    this.waiting = [];
    const nBytes = refused.reduce((sum, { line }) => sum + line.length, 0);
    this.failure ??= new TagdistillError(
      'E_FILE_WRITE',
      `cannot write ${refused.length} calls, ${nBytes} bytes, at byte ${this.sizeBytes}: ${messageOf(cause)}`,
      {
        file: segmentPath(this.dir, Math.max(1, this.segment)),
        hint: 'Free some space and run the same command again; what was answered before is kept.',
        cause,
      },
    );
    for (const { reject } of refused) reject(this.failure);
  }

  /** Whole lines of a failed write stay: they are paid. */
  private async dropHalfLine(batch: readonly Waiting[]): Promise<void> {
    if (this.handle === null) return;
    const { size } = await this.handle.stat();
    let end = this.writtenBytes;
    for (const { line } of batch) {
      if (end + line.length > size) break;
      end += line.length;
    }
    if (end < size) await this.handle.truncate(end);
  }
}

// A write may take a part alone, as the last one does before a full disk refuses.
async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
