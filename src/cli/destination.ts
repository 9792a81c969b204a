import { randomBytes } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TagdistillError } from '../core/errors.js';

/** Where an output file is written, and under which name it appears. */
export interface Destination {
  readonly path: string;
  /** Written first and renamed to `path`; undefined where `path` is a pipe or a device, which must not be replaced. */
  readonly temporary: string | undefined;
}

/**
 * Find out how to write a file so that it is there whole or not at all. A link stays a link.
 *
 * @throws TagdistillError `E_FILE_WRITE` if the path is a folder, or its folder is not there
 */
export async function planDestination(out: string): Promise<Destination> {
  const info = await stat(out).catch(() => undefined);
  if (info?.isDirectory() === true) {
    throw new TagdistillError('E_FILE_WRITE', 'this is a folder, a file is wanted', {
      file: out,
      hint: 'Name a file in it.',
    });
  }
  if (info?.isFile() === false) return { path: out, temporary: undefined };
  const folder = await stat(dirname(out)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new TagdistillError('E_FILE_WRITE', `there is no folder ${dirname(out)}`, {
      file: out,
      hint: 'Make the folder first, or name another one.',
    });
  }
  const path = info === undefined ? out : await realpath(out);
  return { path, temporary: `${path}.tmp-${randomBytes(4).toString('hex')}` };
}
