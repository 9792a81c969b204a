import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { TagdistillError, messageOf } from '../core/errors.js';

/** Write a file under a temporary name and rename it, so that it is there whole or not at all. */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp-${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new TagdistillError('E_FILE_WRITE', `cannot write: ${messageOf(cause)}`, {
      file: path,
      hint: 'Check that the folder is there and can be written to.',
      cause,
    });
  }
}
