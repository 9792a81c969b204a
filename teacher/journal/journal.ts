import { TagdistillError } from '../../src/core/errors.js';
import type { CallRow } from '../../src/dataset/rows.js';
import { isKey, whyNoCall } from './call-facts.js';
import { decodeLine, encodeLine, MAX_LINE_BYTES } from './journal-line.js';
import { loadJournal, type LoadedJournal } from './load-journal.js';
import { scanSegment } from './scan-segment.js';
import { makeFolder, segmentPath } from './segment-files.js';
import { SegmentReader } from './segment-reader.js';
import { SegmentWriter } from './segment-writer.js';
import { WriterLock } from './writer-lock.js';

export interface JournalOptions {
  /** Stops the opening. */
  readonly signal?: AbortSignal;
  /** Hears of what is not as it should be but stops nothing, e.g. a damaged line. */
  readonly onNotice?: (text: string) => void;
  /** A segment that would pass this size is followed by a new one; at most 2 GiB. */
  readonly segmentBytes?: number;
}

const SEGMENT_BYTES = 256 * 1024 * 1024;
const MAX_SEGMENT_BYTES = 2 ** 31;

/**
 * Keeps every call to a teacher on the disk, answered or failed, so that nothing that was paid is lost or asked again.
 *
 * Append-only files `calls-000001.jsonl` in a folder, each line with its checksum. The answer to a question is the
 * `ok` or `unparseable` row of its highest attempt, the last of equals; `failed` rows count as money alone. Memory
 * holds about 40 bytes a question. One process at a time has it open.
 */
export class Journal {
  private isClosed = false;

  private constructor(
    private readonly dir: string,
    private readonly loaded: LoadedJournal,
    private readonly parts: { writer: SegmentWriter; reader: SegmentReader; lock: WriterLock },
  ) {}

  /**
   * Open a journal, or begin one; a folder that is missing is made. All lines are read and checked: what was cut off
   * at the end of the last segment is dropped, damaged lines are passed over, both with notices.
   *
   * @throws TagdistillError `E_FILE_EXISTS` while another process has it open; `E_FILE_FORMAT` for files that are no
   *   journal of this version; `E_FILE_WRITE` if the folder cannot be written to; `E_BAD_OPTION`; `E_ABORTED`
   */
  static async open(
    dir: string,
    { signal, onNotice, segmentBytes = SEGMENT_BYTES }: JournalOptions = {},
  ): Promise<Journal> {
    if (!(segmentBytes > 0 && segmentBytes <= MAX_SEGMENT_BYTES)) {
      throw new TagdistillError('E_BAD_OPTION', `segmentBytes is ${segmentBytes}`, {
        hint: `Give a number of bytes up to ${MAX_SEGMENT_BYTES}.`,
      });
    }
    await makeFolder(dir);
    const lock = await WriterLock.take(dir, onNotice);
    try {
      const loaded = await loadJournal(dir, { signal, onNotice });
      const { sizeBytes, segments } = loaded;
      const writer = new SegmentWriter(dir, { segment: segments.at(-1) ?? 0, sizeBytes, segmentBytes });
      return new Journal(dir, loaded, { writer, reader: new SegmentReader(dir), lock });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Number of calls, failed ones and earlier attempts included. */
  get nCalls(): number {
    return this.loaded.contents.nCalls;
  }

  /** What all calls cost, failed ones and earlier attempts included; those without a price count as 0. */
  get spentMicrousd(): number {
    return this.loaded.contents.spentMicrousd;
  }

  /** Tell whether a final answer stands under a key: `ok` or `unparseable`, not `failed`. */
  has(key: string): boolean {
    return isKey(key) && this.loaded.contents.answers.has(key);
  }

  /**
   * Read the final answer under a key from the disk; null where there is none.
   *
   * @throws TagdistillError `E_FILE_FORMAT` if its line has changed since it was written; `E_CLOSED`
   */
  async find(key: string): Promise<CallRow | null> {
    this.refuseClosed();
    const place = isKey(key) ? this.loaded.contents.answers.get(key) : null;
    if (place === null) return null;
    const decoded = decodeLine(await this.parts.reader.read(place));
    if (decoded.state === 'ok' && whyNoCall(decoded.value) === null) {
      const call = decoded.value as CallRow;
      if (call.key === key) return call;
    }
    const reason = decoded.state === 'bad' ? decoded.reason : 'another line stands in its place';
    throw new TagdistillError('E_FILE_FORMAT', `the call at byte ${place.offset} has changed: ${reason}`, {
      file: segmentPath(this.dir, place.segment),
      hint: 'Run the same command again: it passes over damaged lines and asks their questions anew.',
    });
  }

  /**
   * Keep a call; resolves when it is on the disk. Calls that are appended at once share one fdatasync.
   *
   * @throws TagdistillError `E_FILE_WRITE` if the disk refuses, from then on for every call; `E_BAD_INPUT` for a row
   *   that could not be read back; `E_CLOSED`
   */
  async append(call: CallRow): Promise<void> {
    await this.put(call).durable;
  }

  /**
   * Keep a call as {@link append} does, and tell earlier when the file has it: then it survives this process, but not
   * yet a machine that loses its power. Errors of both kinds come by the promises or are thrown, by {@link append}'s rule.
   */
  put(call: CallRow): { readonly written: Promise<void>; readonly durable: Promise<void> } {
    this.refuseClosed();
    const line = encodeCall(call);
    const { written, durable } = this.parts.writer.append(line);
    written.catch(() => undefined); // told by the other promise, too
    const kept = durable.then((place) => {
      this.loaded.contents.add(call, { ...place, sizeBytes: line.length });
    });
    return { written, durable: kept };
  }

  /**
   * Read all calls that are on the disk by now, in the order in which they were written.
   *
   * @throws TagdistillError `E_FILE_FORMAT` if a file cannot be read any more; `E_CLOSED`
   */
  async *calls(): AsyncGenerator<CallRow> {
    this.refuseClosed();
    const { segment: last, sizeBytes } = this.parts.writer;
    const { segments } = this.loaded;
    const added = Array.from(
      { length: last - (segments.at(-1) ?? 0) },
      (_, i) => (segments.at(-1) ?? 0) + i + 1,
    );
    for (const segment of [...segments, ...added]) {
      const endBytes = segment === last ? sizeBytes : Infinity;
      for await (const calls of scanSegment(segmentPath(this.dir, segment), { endBytes })) {
        for (const { call } of calls) yield call;
      }
    }
  }

  /** Wait for the appends that were made, and let others open the journal; a second call does nothing. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    const { writer, reader, lock } = this.parts;
    try {
      await writer.close();
      await reader.close();
    } finally {
      await lock.release();
    }
  }

  private refuseClosed(): void {
    if (!this.isClosed) return;
    throw new TagdistillError('E_CLOSED', 'the journal is closed', {
      file: this.dir,
      hint: 'Open it again.',
    });
  }
}

function encodeCall(call: CallRow): Buffer {
  const reason = whyNoCall(call);
  if (reason !== null) {
    throw new TagdistillError('E_BAD_INPUT', `the journal takes no such call: ${reason}`, {
      hint: 'Give a row as calls.arrow has it.',
    });
  }
  const line = encodeLine(call);
  if (line.length <= MAX_LINE_BYTES) return line;
  throw new TagdistillError(
    'E_BAD_INPUT',
    `a call of ${line.length} bytes; a line of the journal has at most ${MAX_LINE_BYTES}`,
    { hint: 'Limit the length of answers, e.g. by the request parameter max_tokens.' },
  );
}
