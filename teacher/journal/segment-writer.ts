import { open, type FileHandle } from 'node:fs/promises';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { headerLine, segmentPath, syncFolder } from './segment-files.js';

/** Where a line was written. */
export interface LinePlace {
  readonly segment: number;
  readonly offset: number;
}

interface Waiting {
  readonly line: Buffer;
  readonly resolve: (place: LinePlace) => void;
  readonly reject: (error: TagdistillError) => void;
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
 * Appends lines to the last segment. Those that come while a write is under way share the next one, and its fdatasync.
 *
 * After the first failure nothing more is written: what stands behind a failed write cannot be relied upon.
 */
export class SegmentWriter {
  segment: number;
  /** Size of the last segment as far as it is on the disk. */
  sizeBytes: number;
  private readonly segmentBytes: number;
  private handle: FileHandle | null = null;
  private waiting: Waiting[] = [];
  private running: Promise<void> | null = null;
  private failure: TagdistillError | null = null;

  constructor(
    private readonly dir: string,
    { segment, sizeBytes, segmentBytes }: SegmentWriterOptions,
  ) {
    this.segment = segment;
    this.sizeBytes = sizeBytes;
    this.segmentBytes = segmentBytes;
  }

  /** Write a line; resolves when it is on the disk. @throws TagdistillError `E_FILE_WRITE` */
  append(line: Buffer): Promise<LinePlace> {
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.push({ line, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Wait for the appends that were made, and close the file. */
  async close(): Promise<void> {
    await this.running;
    await this.handle?.close();
    this.handle = null;
  }

  private async run(): Promise<void> {
    // All that this turn of the event loop brings goes into the first write.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const batch = this.takeBatch();
      try {
        await this.commit(batch);
      } catch (cause) {
        await this.fail(batch, cause);
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

  private async commit(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.concat(batch.map(({ line }) => line));
    const handle = await this.handleFor(bytes.length);
    await writeAll(handle, bytes, this.sizeBytes);
    await handle.datasync();
    for (const { line, resolve } of batch) {
      resolve({ segment: this.segment, offset: this.sizeBytes });
      this.sizeBytes += line.length;
    }
  }

  private async handleFor(nBytes: number): Promise<FileHandle> {
    const isFull = this.segment === 0 || this.sizeBytes + nBytes > this.segmentBytes;
    const hasCalls = this.sizeBytes > headerLine().length;
    if (this.segment === 0 || (isFull && hasCalls)) {
      await this.handle?.close();
      this.handle = null;
      this.handle = await open(segmentPath(this.dir, this.segment + 1), 'wx');
      this.segment++;
      this.sizeBytes = 0;
    }
    this.handle ??= await open(segmentPath(this.dir, this.segment), 'r+');
    if (this.sizeBytes === 0) {
      const header = headerLine();
      await writeAll(this.handle, header, 0);
      await this.handle.datasync();
      await syncFolder(this.dir);
      this.sizeBytes = header.length;
    }
    return this.handle;
  }

  private async fail(batch: readonly Waiting[], cause: unknown): Promise<void> {
    await this.dropHalfLine(batch).catch(() => undefined); // else opening the journal drops it
    const refused = [...batch, ...this.waiting];
    this.waiting = [];
    const nBytes = refused.reduce((sum, { line }) => sum + line.length, 0);
    this.failure = new TagdistillError(
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
    let end = this.sizeBytes;
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
