import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TagdistillError, messageOf } from '../core/errors.js';

/** A kind of folder that is written whole, and known by its manifest. */
export interface FolderKind {
  /** With its article for hints, e.g. `a bundle`. */
  readonly withArticle: string;
  /** For messages, e.g. `bundle`. */
  readonly name: string;
  /** What stands there, if anything rightful does, e.g. `student bundle`. */
  readonly fullName: string;
  readonly manifest: string;
}

/**
 * Write files, by paths with forward slashes, as a folder: whole or not at all. An old one at the same place is
 * replaced at the end.
 *
 * @throws TagdistillError `E_FILE_WRITE` if the disk refuses
 */
export async function writeFolder(
  dir: string,
  contents: Readonly<Record<string, Uint8Array | string>>,
  { name }: FolderKind,
): Promise<void> {
  const target = resolve(dir);
  const temporary = `${target}.tmp-${process.pid}`;
  try {
    await rm(temporary, { recursive: true, force: true });
    for (const [path, data] of Object.entries(contents)) {
      const file = join(temporary, ...path.split('/'));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, data);
    }
    await swapIn(temporary, target);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    throw new TagdistillError('E_FILE_WRITE', `cannot write the ${name}: ${messageOf(cause)}`, {
      file: dir,
      hint: 'Check free space and permissions; nothing was left half written.',
      cause,
    });
  }
}

/**
 * Check, before long work, that a folder of a kind may be written.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `dir` is a file or holds something else
 */
export async function refuseOtherFolder(
  dir: string,
  { withArticle, fullName, manifest }: FolderKind,
): Promise<void> {
  const entries = await readdir(dir).catch((error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : ['(a file)'],
  );
  if (entries.length === 0 || entries.includes(manifest)) return;
  throw new TagdistillError(
    'E_FILE_EXISTS',
    `no ${fullName} stands here, but ${entries.slice(0, 3).join(', ')}`,
    { file: dir, hint: `Give --out a new folder, or one that holds ${withArticle} to replace.` },
  );
}

async function swapIn(temporary: string, target: string): Promise<void> {
  const old = `${target}.old-${process.pid}`;
  const replaced = await rename(target, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(temporary, target);
  } catch (cause) {
    if (replaced) await rename(old, target);
    throw cause;
  }
  await rm(old, { recursive: true, force: true });
}
