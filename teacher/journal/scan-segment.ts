import { open } from 'node:fs/promises';
import { TagdistillError } from '../../src/core/errors.js';
import type { CallRow } from '../../src/dataset/rows.js';
import { whyNoCall } from './call-facts.js';
import { decodeLine } from './journal-line.js';
import { readLines, type RawLine } from './read-lines.js';
import { checkHeader } from './segment-files.js';
import { asJournalError } from './segment-reader.js';

export interface ScannedCall {
  readonly call: CallRow;
  readonly offset: number;
  /** With its newline. */
  readonly sizeBytes: number;
}

/** A line that is not as it was written. */
export interface BadLine {
  /** 1-based. */
  readonly line: number;
  readonly reason: string;
}

export interface ScanOptions {
  /** Up to where to read; by default all. */
  readonly endBytes?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onBadLine?: ((bad: BadLine) => void) | undefined;
  /** Hears of bytes behind the last newline. */
  readonly onTornTail?:
    | ((tail: { readonly line: number; readonly offset: number; readonly sizeBytes: number }) => void)
    | undefined;
}

/**
 * Read the calls of a segment in order, each checked, the many of a chunk at a time; bad lines are passed over.
 *
 * @throws TagdistillError `E_FILE_FORMAT` for a file that is no segment, or one of another version; `E_ABORTED`
 */
export async function* scanSegment(
  file: string,
  { endBytes = Infinity, signal, onBadLine, onTornTail }: ScanOptions = {},
): AsyncGenerator<readonly ScannedCall[]> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw asJournalError(cause, file);
  });
  const reader = new SegmentLines(file, { onBadLine, onTornTail });
  try {
    for await (const lines of readLines(handle, { endBytes, signal })) {
      const calls = lines.flatMap((raw) => reader.callOf(raw) ?? []);
      if (calls.length > 0) yield calls;
    }
    reader.refuseOther();
  } catch (cause) {
    throw asJournalError(cause, file);
  } finally {
    await handle.close();
  }
}

class SegmentLines {
  private nLines = 0;
  /** Lines that are as they were written, the header included. */
  private nGood = 0;

  constructor(
    private readonly file: string,
    private readonly options: Pick<ScanOptions, 'onBadLine' | 'onTornTail'>,
  ) {}

  /** The call of a line; null for the header and for what is damaged. */
  callOf(raw: RawLine): ScannedCall | null {
    const { line, offset, sizeBytes } = raw;
    if (!raw.isWhole) {
      this.options.onTornTail?.({ line, offset, sizeBytes });
      return null;
    }
    this.nLines++;
    const decoded = raw.bytes === null ? TOO_LONG : decodeLine(raw.bytes);
    if (decoded.state === 'bad') {
      this.options.onBadLine?.({ line, reason: decoded.reason });
      return null;
    }
    if (line === 1) {
      checkHeader(decoded.value, this.file);
      this.nGood++;
      return null;
    }
    const reason = whyNoCall(decoded.value);
    if (reason !== null) {
      this.options.onBadLine?.({ line, reason });
      return null;
    }
    this.nGood++;
    return { call: decoded.value as CallRow, offset, sizeBytes };
  }

  refuseOther(): void {
    if (this.nLines === 0 || this.nGood > 0) return;
    throw new TagdistillError('E_FILE_FORMAT', `none of ${this.nLines} lines is of a journal`, {
      file: this.file,
      hint: 'Give the journal a folder of its own, or move this file away.',
    });
  }
}

const TOO_LONG = { state: 'bad', reason: 'longer than any line that is written' } as const;
