import { TagdistillError } from '../core/errors.js';
import { asReadError, openBytes } from './byte-source.js';

/** One line of a text file, without its end. */
export interface TextLine {
  /** 1-based. */
  readonly line: number;
  /** Null where the line is not valid UTF-8. */
  readonly text: string | null;
}

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

/**
 * Read a text file line by line; memory holds one line. A byte order mark and carriage returns are dropped.
 *
 * @throws TagdistillError `E_FILE_MISSING`, `E_FILE_EMPTY`, and `E_FILE_FORMAT` for a line over 64 MiB
 */
export async function* readTextLines(path: string, signal?: AbortSignal): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let line = 0;
  const finish = (): TextLine => {
    const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    line++;
    const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length;
    try {
      return { line, text: decoder.decode(bytes.subarray(0, end)) };
    } catch {
      return { line, text: null };
    }
  };
  try {
    for await (const chunk of (await openBytes(path, signal)) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        pending.push(chunk.subarray(start, end));
        yield finish();
        start = end + 1;
      }
      if (start < chunk.length) {
        pending.push(chunk.subarray(start));
        pendingBytes += chunk.length - start;
      }
      if (pendingBytes > MAX_LINE_BYTES) {
        throw new TagdistillError('E_FILE_FORMAT', `a line of more than ${MAX_LINE_BYTES} bytes`, {
          file: path,
          line: line + 1,
          hint: 'JSONL wants one object a line; is this another format?',
        });
      }
    }
    if (pending.length > 0) yield finish();
  } catch (cause) {
    throw asReadError(path, cause);
  }
}
