import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { TagdistillError, messageOf } from '../core/errors.js';
import { ArrowFileWriter } from './arrow-writer.js';
import { CARD_FILE, tablePath } from './files.js';
import type { SchemaOptions, TableName } from './schemas.js';

/** Opens a table of the data set under way; it is closed when the data set is. */
export type OpenTable = <Name extends TableName>(
  table: Name,
  options?: Pick<SchemaOptions, 'nDims'>,
) => Promise<ArrowFileWriter<Name>>;

export interface WriteDatasetOptions<Result> {
  /** The folder to make. */
  readonly out: string;
  /** Replace a data set that stands there. */
  readonly overwrite?: boolean;
  /** Pairs for the schema metadata of every table, e.g. seeds and prompt texts. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Fills the tables and returns the card (Markdown) beside whatever the caller wants back. */
  readonly write: (open: OpenTable) => Promise<{ readonly card: string; readonly result: Result }>;
}

/**
 * Write a data set folder whole or not at all: in a temporary folder beside it, renamed at the end.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `out` holds anything and `overwrite` is off, or holds something else
 *   than a data set; `E_FILE_WRITE` if the disk refuses; and whatever `write` throws
 */
export async function writeDataset<Result>({
  out,
  overwrite = false,
  metadata = {},
  write,
}: WriteDatasetOptions<Result>): Promise<Result> {
  const target = resolve(out);
  await refuseOccupied(out, overwrite);
  const temporary = join(dirname(target), `.${basename(target)}.tmp-${randomBytes(4).toString('hex')}`);
  const writers: { close(): Promise<void>; abort(): Promise<void> }[] = [];
  const open: OpenTable = async (table, options = {}) => {
    const path = tablePath(temporary, table);
    const writer = await ArrowFileWriter.create(path, table, { metadata, ...options });
    writers.push(writer);
    return writer;
  };
  try {
    await mkdir(temporary, { recursive: true });
    const { card, result } = await write(open);
    for (const writer of writers) await writer.close();
    await writeFile(join(temporary, CARD_FILE), card);
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
    return result;
  } catch (cause) {
    for (const writer of writers) await writer.abort();
    await rm(temporary, { recursive: true, force: true });
    if (cause instanceof TagdistillError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new TagdistillError('E_FILE_WRITE', `cannot write the data set: ${messageOf(cause)}`, {
      file: out,
      hint: 'Check free space and permissions; nothing was left half written.',
      cause,
    });
  }
}

/**
 * Refuse a place where {@link writeDataset} could not put a data set, before the work for it is done.
 *
 * @throws TagdistillError `E_FILE_EXISTS`
 */
export async function refuseOccupied(out: string, overwrite: boolean): Promise<void> {
  const entries = await readdir(out).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? [] : ['(a file)'];
  });
  if (entries.length === 0) return;
  // Nothing of anyone else's is ever deleted: all that stands here must be what a data set is made of.
  const others = entries.filter((name) => !name.endsWith('.arrow') && name !== CARD_FILE);
  const isDataset = entries.includes('items.arrow') && others.length === 0;
  if (isDataset && overwrite) return;
  throw new TagdistillError(
    'E_FILE_EXISTS',
    isDataset
      ? 'a data set stands here already'
      : `something else than a data set stands here: ${(others.length > 0 ? others : entries).slice(0, 3).join(', ')}`,
    {
      file: out,
      hint: isDataset ? 'Give --overwrite to replace it, or another --out.' : 'Give --out a new folder.',
    },
  );
}
