import { open, stat } from 'node:fs/promises';
import { TagdistillError } from '../../src/core/errors.js';
import { JournalContents } from './journal-contents.js';
import { scanSegment, type BadLine } from './scan-segment.js';
import { listSegments, segmentPath } from './segment-files.js';
import { asJournalError } from './segment-reader.js';

export interface LoadedJournal {
  readonly contents: JournalContents;
  /** The numbers of the segments, in order. */
  readonly segments: readonly number[];
  /** Where the last whole line of the last segment ends; 0 where its header is still to be written. */
  readonly sizeBytes: number;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onNotice?: ((text: string) => void) | undefined;
}

const NOTICES_PER_SEGMENT = 3;
const MAX_SEGMENT_BYTES = 2 ** 32 - 1; // places are kept in 32 bits

/** Read all segments of a folder, and cut off what a killed writer left behind the last newline. */
export async function loadJournal(dir: string, { signal, onNotice }: LoadOptions): Promise<LoadedJournal> {
  const contents = new JournalContents();
  const segments = await listSegments(dir);
  let sizeBytes = 0;
  for (const segment of segments) {
    const file = segmentPath(dir, segment);
    const isLast = segment === segments.at(-1);
    sizeBytes = await sizeOf(file);
    const notices = new BadLineNotices(file, onNotice);
    let tornBytes = 0;
    const scan = scanSegment(file, {
      signal,
      onBadLine: (bad) => notices.add(bad),
      onTornTail: (tail) => {
        if (isLast) tornBytes = tail.sizeBytes;
        else notices.add({ line: tail.line, reason: `cut off after ${tail.sizeBytes} bytes` });
      },
    });
    for await (const calls of scan) {
      for (const { call, ...place } of calls) contents.add(call, { segment, ...place });
    }
    notices.end();
    if (tornBytes === 0) continue;
    sizeBytes -= tornBytes;
    await cutOff(file, sizeBytes);
    onNotice?.(`${file}: dropped ${tornBytes} bytes of a line that was not written to its end`);
  }
  return { contents, segments, sizeBytes };
}

async function sizeOf(file: string): Promise<number> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw asJournalError(cause, file);
  });
  if (size <= MAX_SEGMENT_BYTES) return size;
  throw new TagdistillError('E_FILE_FORMAT', `${size} bytes; a segment has at most ${MAX_SEGMENT_BYTES}`, {
    file,
    hint: 'Move this file away: no journal of this release writes such a segment.',
  });
}

async function cutOff(file: string, sizeBytes: number): Promise<void> {
  try {
    const handle = await open(file, 'r+');
    try {
      await handle.truncate(sizeBytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new TagdistillError('E_FILE_WRITE', 'cannot cut off a line that was not written to its end', {
      file,
      hint: 'Check the permissions of the file.',
      cause,
    });
  }
}

/** Names the first bad lines of a segment, and counts the others. */
class BadLineNotices {
  private nBad = 0;

  constructor(
    private readonly file: string,
    private readonly onNotice: ((text: string) => void) | undefined,
  ) {}

  add({ line, reason }: BadLine): void {
    if (++this.nBad > NOTICES_PER_SEGMENT) return;
    this.onNotice?.(`${this.file}:${line}: a damaged line was passed over: ${reason}`);
  }

  end(): void {
    if (this.nBad <= NOTICES_PER_SEGMENT) return;
    this.onNotice?.(`${this.file}: ${this.nBad} damaged lines were passed over in all; the rest is kept`);
  }
}
