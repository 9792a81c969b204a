import { join } from 'node:path';
import { TagdistillError } from '../../core/errors.js';
import { sha256File } from '../../core/hash.js';
import { isThere } from '../../core/is-there.js';
import { SparseRowsBuilder } from '../../core/sparse.js';
import { SPACES, type Space } from '../../core/space.js';
import { readArrowRows } from '../../dataset/arrow-reader.js';
import type { CoverTagState } from '../cover/cover-state.js';
import type { DayOfTags } from '../cover/day-of-tags.js';
import { readAliases } from './aliases.js';
import type { LibraryContent, LibrarySpace } from './library-content.js';
import { dayFile, LIBRARY_FILES, libraryPath } from './library-files.js';
import { readLibraryManifest, type LibraryManifest } from './library-manifest.js';
import { readLogicEdges } from './logic-edges.js';

/**
 * Read a tag library whole, and hold its files against their checksums.
 *
 * @throws TagdistillError `E_FILE_MISSING`, `E_FILE_FORMAT` if a file is not the one that the manifest lists,
 *   `E_BAD_ROW` for a row that cannot be; and what reading Arrow files throws
 */
export async function readLibrary(
  dir: string,
): Promise<LibraryContent & { readonly manifest: LibraryManifest }> {
  const manifest = await readLibraryManifest(dir);
  for (const [file, { sha256 }] of Object.entries(manifest.files)) {
    await checkFile(libraryPath(dir, file), sha256);
  }
  const aliases = await readAliases(join(dir, LIBRARY_FILES.aliases));
  const tags = await readCover(join(dir, LIBRARY_FILES.cover));
  const days = await readDays(dir, manifest);
  const spaces: Partial<Record<Space, LibrarySpace>> = {};
  for (const space of SPACES) {
    const of = manifest.spaces[space];
    if (of === undefined) continue;
    const cover = { version: of.version, tags: tags[space], days: days[space] };
    spaces[space] = { aliases: aliases[space] ?? [], cover };
  }
  const { options, encoder, inputs } = manifest;
  const graph = await readLogicEdges(join(dir, LIBRARY_FILES.logic), { tags: liveTags(tags) });
  return { manifest, options, encoder, inputs, spaces, graph };
}

/** Tell whether a folder is a tag library. */
export async function isLibrary(dir: string): Promise<boolean> {
  return (
    (await isThere(join(dir, LIBRARY_FILES.manifest))) && (await isThere(join(dir, LIBRARY_FILES.aliases)))
  );
}

function liveTags(
  tags: Readonly<Record<Space, readonly CoverTagState[]>>,
): Record<Space, readonly CoverTagState[]> {
  const live = (space: Space): CoverTagState[] => tags[space].filter(({ status }) => status === 'live');
  return { item: live('item'), user: live('user') };
}

async function checkFile(file: string, expected: string): Promise<void> {
  if (!(await isThere(file))) {
    throw new TagdistillError('E_FILE_MISSING', 'the manifest lists this file, but it is not here', {
      file,
      hint: 'Copy the library again, whole.',
    });
  }
  const found = await sha256File(file);
  if (found === expected) return;
  throw new TagdistillError(
    'E_FILE_FORMAT',
    `sha256 is ${found.slice(0, 12)}..., the manifest says ${expected.slice(0, 12)}...`,
    { file, hint: 'The file was changed or cut short: copy the library again, or build it again.' },
  );
}

async function readCover(path: string): Promise<Record<Space, CoverTagState[]>> {
  const tags: Record<Space, CoverTagState[]> = { item: [], user: [] };
  let row = 0;
  for await (const batch of readArrowRows(path, 'cover_set')) {
    for (const of of batch) {
      if (of.added_at === null || of.last_seen === null || !SPACES.includes(of.space)) {
        throw new TagdistillError(
          'E_BAD_ROW',
          `space ${of.space}, added_at ${of.added_at ?? 'null'}, last_seen ${of.last_seen ?? 'null'}: a tag of a library has all three`,
          { file: path, row, hint: 'Build the library again.' },
        );
      }
      tags[of.space].push({
        id: of.tag_id,
        tag: of.tag,
        status: of.status,
        addedAt: of.added_at,
        lastSeen: of.last_seen,
        itemsCovered: of.items_covered,
        marginalGain: of.marginal_gain,
      });
      row++;
    }
  }
  return tags;
}

async function readDays(dir: string, { spaces }: LibraryManifest): Promise<Record<Space, DayOfTags[]>> {
  const dates = new Set(SPACES.flatMap((space) => spaces[space]?.days ?? []));
  const days: Record<Space, DayOfTags[]> = { item: [], user: [] };
  for (const date of [...dates].sort()) {
    const builders = { item: new DayBuilder(), user: new DayBuilder() };
    for await (const batch of readArrowRows(libraryPath(dir, dayFile(date)), 'day_tags')) {
      for (const { space, tags } of batch) builders[space].add(tags);
    }
    for (const space of SPACES) {
      if (spaces[space]?.days.includes(date) === true) days[space].push(builders[space].finish(date));
    }
  }
  return days;
}

class DayBuilder {
  private readonly columnOf = new Map<string, number>();
  private readonly rows = new SparseRowsBuilder();

  add(tags: readonly string[]): void {
    for (const tag of tags) {
      let column = this.columnOf.get(tag);
      if (column === undefined) this.columnOf.set(tag, (column = this.columnOf.size));
      this.rows.push(column, 1);
    }
    this.rows.endRow();
  }

  finish(date: string): DayOfTags {
    return { date, tags: [...this.columnOf.keys()], rows: this.rows.finish(this.columnOf.size) };
  }
}
