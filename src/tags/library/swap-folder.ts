import { mkdir, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { TagdistillError, messageOf } from '../../core/errors.js';
import { isThere } from '../../core/is-there.js';

/**
 * Fill a folder aside and put it in the place of the old one.
 *
 * The old one stays whole until the new one is: between the two renames it stands as `.<name>.previous`, from where
 * {@link recoverFolder} brings it back.
 *
 * @returns what `fill` returned
 * @throws TagdistillError `E_FILE_WRITE` if the disk refuses; and whatever `fill` throws
 */
export async function swapFolder<Result>(
  dir: string,
  fill: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const target = resolve(dir);
  await recoverFolder(dir);
  const temporary = join(dirname(target), `.${basename(target)}.tmp-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(temporary, { recursive: true });
    const result = await fill(temporary);
    const previous = previousOf(target);
    await rm(previous, { recursive: true, force: true });
    if (await isThere(target)) await rename(target, previous);
    await rename(temporary, target);
    await rm(previous, { recursive: true, force: true });
    return result;
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    await recoverFolder(dir);
    if (cause instanceof TagdistillError || (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new TagdistillError('E_FILE_WRITE', `cannot write the tag library: ${messageOf(cause)}`, {
      file: dir,
      hint: 'Check free space and permissions; nothing was left half written.',
      cause,
    });
  }
}

/** Bring back the folder that a process left aside when it was killed between the two renames. */
export async function recoverFolder(dir: string): Promise<void> {
  const target = resolve(dir);
  const previous = previousOf(target);
  if (!(await isThere(target)) && (await isThere(previous))) await rename(previous, target);
}

function previousOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.previous`);
}
