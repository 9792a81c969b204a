import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TagdistillError, messageOf } from '../core/errors.js';

/**
 * Open a file as a stream of bytes, unpacking `.gz`; `-` is the standard input. The signal ends a wait for bytes.
 *
 * @throws TagdistillError `E_FILE_MISSING`, or `E_FILE_EMPTY` for a file of 0 bytes
 */
export async function openBytes(path: string, signal?: AbortSignal): Promise<Readable> {
  const bytes = path === '-' ? process.stdin : await openFile(path);
  return signal === undefined ? bytes : addAbortSignal(signal, bytes);
}

async function openFile(path: string): Promise<Readable> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_MISSING', `cannot open: ${messageOf(cause)}`, {
      file: path,
      hint: 'Check the path.',
      cause,
    });
  });
  if (info.isDirectory()) {
    throw new TagdistillError('E_FILE_FORMAT', 'this is a folder, a file is wanted', {
      file: path,
      hint: 'Name one file in it.',
    });
  }
  if (info.size === 0) {
    throw new TagdistillError('E_FILE_EMPTY', 'the file has 0 bytes', {
      file: path,
      hint: 'Give a file with rows.',
    });
  }
  const bytes = createReadStream(path);
  if (!/\.gz$/i.test(path)) return bytes;
  const unpacked = createGunzip();
  bytes.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => bytes.destroy());
  return bytes.pipe(unpacked);
}

/** Tell a failure while reading as an error of ours; cut-off gzip data is the usual one. */
export function asReadError(path: string, cause: unknown): TagdistillError {
  if (cause instanceof TagdistillError) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') {
    return new TagdistillError('E_ABORTED', 'reading was stopped', { file: path, cause });
  }
  return new TagdistillError('E_FILE_FORMAT', `cannot read on: ${messageOf(cause)}`, {
    file: path,
    hint: 'The file may be cut short: copy it again.',
    cause,
  });
}
