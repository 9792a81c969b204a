import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { isRecord } from './call-facts.js';
import { encodeLine } from './journal-line.js';

const FORMAT = 'tagdistill-journal';
const VERSION = 1;
const NAME = /^calls-(\d{6,})\.jsonl$/u;

/** The first line of every segment. */
export function headerLine(): Buffer {
  return encodeLine({ format: FORMAT, version: VERSION });
}

/** @throws TagdistillError `E_FILE_FORMAT` if the first line of a segment is not one that this release reads */
export function checkHeader(header: unknown, file: string): void {
  const { format, version } = isRecord(header) ? header : {};
  if (format !== FORMAT) {
    throw new TagdistillError('E_FILE_FORMAT', `the first line does not say "${FORMAT}"`, {
      file,
      line: 1,
      hint: 'Give the journal a folder of its own.',
    });
  }
  if (version === VERSION) return;
  throw new TagdistillError(
    'E_FILE_FORMAT',
    `version ${String(version)} of the journal; this release reads version ${VERSION}`,
    { file, line: 1, hint: 'Use the release that wrote it, or give the journal another folder.' },
  );
}

/** Where the segment of a number stands. @param number 1-based */
export function segmentPath(dir: string, number: number): string {
  return join(dir, `calls-${String(number).padStart(6, '0')}.jsonl`);
}

/** The numbers of the segments of a folder, in order. */
export async function listSegments(dir: string): Promise<number[]> {
  const names = await readdir(dir);
  return names
    .flatMap((name) => Number(NAME.exec(name)?.[1] ?? []))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

/** Make the journal's folder where it is missing. @throws TagdistillError `E_FILE_WRITE` */
export async function makeFolder(dir: string): Promise<void> {
  try {
    const made = await mkdir(dir, { recursive: true });
    if (made !== undefined) await syncFolder(dirname(made));
  } catch (cause) {
    throw new TagdistillError('E_FILE_WRITE', `cannot make the journal's folder: ${messageOf(cause)}`, {
      file: dir,
      hint: 'Name a folder that can be written to.',
      cause,
    });
  }
}

/** Bring the names in a folder to the disk, so that a new file is found after a power cut. */
export async function syncFolder(dir: string): Promise<void> {
  // Windows opens no folders; its file systems keep names by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
