import { open, type FileHandle } from 'node:fs/promises';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { segmentPath } from './segment-files.js';

/** Reads lines at known places; each segment is opened once. */
export class SegmentReader {
  private readonly handles = new Map<number, Promise<FileHandle>>();

  constructor(private readonly dir: string) {}

  /** Read the bytes of a line, its newline left out. @throws TagdistillError `E_FILE_FORMAT` if they are gone */
  async read({
    segment,
    offset,
    sizeBytes,
  }: {
    readonly segment: number;
    readonly offset: number;
    readonly sizeBytes: number;
  }): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(sizeBytes - 1);
    try {
      const handle = await this.handleOf(segment);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, offset + done);
        if (bytesRead === 0) throw new Error(`the file ends at byte ${offset + done}`);
        done += bytesRead;
      }
    } catch (cause) {
      throw asJournalError(cause, segmentPath(this.dir, segment));
    }
    return bytes;
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.handles.values());
    this.handles.clear();
    for (const handle of opened) if (handle.status === 'fulfilled') await handle.value.close();
  }

  private handleOf(segment: number): Promise<FileHandle> {
    let handle = this.handles.get(segment);
    if (handle === undefined) {
      handle = open(segmentPath(this.dir, segment), 'r');
      this.handles.set(segment, handle);
      handle.catch(() => this.handles.delete(segment));
    }
    return handle;
  }
}

/** Tell a failure while a journal is read as an error of ours: `E_ABORTED` or `E_FILE_FORMAT`. */
export function asJournalError(cause: unknown, file: string): TagdistillError {
  if (cause instanceof TagdistillError) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') {
    return new TagdistillError('E_ABORTED', 'reading the journal was stopped', { file, cause });
  }
  return new TagdistillError('E_FILE_FORMAT', `cannot read the journal: ${messageOf(cause)}`, {
    file,
    hint: 'Check the disk, and that nothing else changes the file; then run the same command again.',
    cause,
  });
}
