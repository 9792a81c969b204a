import type { FileHandle } from 'node:fs/promises';
import { MAX_LINE_BYTES } from './journal-line.js';

/** A line of a segment, without its newline. */
export interface RawLine {
  /** 1-based. */
  readonly line: number;
  /** Where it starts in the file, in bytes. */
  readonly offset: number;
  /** With its newline, if it has one. */
  readonly sizeBytes: number;
  /** Good until the next lines are asked for; null for a line that is too long to be one of ours. */
  readonly bytes: Buffer | null;
  /** Whether a newline ends it; only a file's last line may lack it. */
  readonly isWhole: boolean;
}

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 10;

/**
 * Read the lines of a file, the many of a chunk at a time; memory holds a chunk, or the longest line.
 *
 * @param handle stays open
 */
export async function* readLines(
  handle: FileHandle,
  {
    endBytes = Infinity,
    signal,
  }: { readonly endBytes?: number; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<readonly RawLine[]> {
  let buffer: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let start = 0; // where the buffer's first byte stands in the file
  let filled = 0;
  let line = 0;
  let skipped = 0; // bytes already dropped of a line that is too long
  for (;;) {
    signal?.throwIfAborted();
    const wanted = Math.min(buffer.length - filled, endBytes - start - filled);
    const { bytesRead } = await handle.read(buffer, filled, wanted, start + filled);
    const searchFrom = filled;
    filled += bytesRead;
    const lines: RawLine[] = [];
    let taken = 0;
    for (
      let end = buffer.indexOf(NEWLINE, searchFrom);
      end >= 0 && end < filled;
      end = buffer.indexOf(NEWLINE, taken)
    ) {
      lines.push({
        line: ++line,
        offset: start + taken - skipped,
        sizeBytes: end + 1 - taken + skipped,
        bytes: skipped > 0 ? null : buffer.subarray(taken, end),
        isWhole: true,
      });
      skipped = 0;
      taken = end + 1;
    }
    if (bytesRead === 0) {
      if (filled + skipped > 0) {
        const sizeBytes = filled + skipped;
        lines.push({ line: ++line, offset: start - skipped, sizeBytes, bytes: null, isWhole: false });
      }
      if (lines.length > 0) yield lines;
      return;
    }
    if (lines.length > 0) yield lines;
    buffer.copyWithin(0, taken, filled);
    start += taken;
    filled -= taken;
    if (filled < buffer.length) continue;
    if (filled < MAX_LINE_BYTES) {
      const larger = Buffer.allocUnsafeSlow(2 * buffer.length);
      buffer.copy(larger);
      buffer = larger;
    } else {
      skipped += filled;
      start += filled;
      filled = 0;
    }
  }
}
