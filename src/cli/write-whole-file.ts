import { rename, rm, writeFile } from 'node:fs/promises';
import { TagdistillError, messageOf } from '../core/errors.js';
import { planDestination } from './destination.js';

/**
 * Write a file under a temporary name and rename it, so that it is there whole or not at all.
 *
 * @throws TagdistillError `E_FILE_WRITE`
 */
export async function writeWholeFile(file: string, text: string): Promise<void> {
  const { path, temporary } = await planDestination(file);
  try {
    await writeFile(temporary ?? path, text);
    if (temporary !== undefined) await rename(temporary, path);
  } catch (cause) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    throw new TagdistillError('E_FILE_WRITE', `cannot write: ${messageOf(cause)}`, {
      file,
      hint: 'Check that the folder is there and can be written to.',
      cause,
    });
  }
}
