import { copyFile, link, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TagdistillError } from '../../core/errors.js';
import { sha256File } from '../../core/hash.js';
import { isThere } from '../../core/is-there.js';
import { packageVersion } from '../../core/package-info.js';
import { SPACES, type Space } from '../../core/space.js';
import type { CoverSetRow, DayTagsRow } from '../../dataset/rows.js';
import type { DayOfTags } from '../cover/day-of-tags.js';
import { canonicalNames, freezeAliases, groupRaws } from '../merge/alias-table.js';
import type { Alias } from '../merge/semantic-aliases.js';
import { writeTable } from '../write-table.js';
import { writeAliases } from './aliases.js';
import type { LibraryContent, LibrarySpace } from './library-content.js';
import { LIBRARY_FORMAT_VERSION, type LibraryManifest } from './library-manifest.js';
import { dayFile, LIBRARY_FILES, libraryPath } from './library-files.js';
import { writeLogicEdges } from './logic-edges.js';
import { swapFolder } from './swap-folder.js';

/**
 * Write a tag library: whole or not at all, an old one at the same place is replaced at the end.
 *
 * @param unchanged days whose files the old library at this place has already
 * @throws TagdistillError `E_FILE_WRITE`
 */
export async function writeLibrary(
  dir: string,
  content: LibraryContent,
  { unchanged = new Set() }: { readonly unchanged?: ReadonlySet<string> } = {},
): Promise<LibraryManifest> {
  return swapFolder(dir, async (temporary) => {
    await mkdir(join(temporary, 'days'));
    const days = daysByDate(content);
    for (const [date, of] of days) {
      const file = dayFile(date);
      if (unchanged.has(date)) await share(libraryPath(dir, file), libraryPath(temporary, file));
      else await writeTable(libraryPath(temporary, file), 'day_tags', dayRows(of));
    }
    const aliases: Partial<Record<Space, readonly Alias[]>> = {};
    for (const space of SPACES) {
      if (content.spaces[space]) aliases[space] = content.spaces[space].aliases;
    }
    await writeAliases(join(temporary, LIBRARY_FILES.aliases), aliases);
    const { tau, depth } = content.options;
    await writeTable(join(temporary, LIBRARY_FILES.cover), 'cover_set', coverRows(content), {
      tau: String(tau),
      depth: String(depth),
    });
    await writeLogicEdges(join(temporary, LIBRARY_FILES.logic), content.graph);
    const { aliases: aliasFile, cover, logic } = LIBRARY_FILES;
    const files = [aliasFile, cover, logic, ...[...days.keys()].map(dayFile)];
    const manifest = await manifestOf(content, temporary, files);
    await writeFile(join(temporary, LIBRARY_FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  });
}

/**
 * Refuse a place where a tag library could not be put, before the work for it is done.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if something else than a tag library stands there
 */
export async function refuseOtherThanLibrary(dir: string): Promise<void> {
  const entries = await readdir(dir).catch((error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : ['(a file)'],
  );
  const known = new Set<string>([...Object.values(LIBRARY_FILES), 'days']);
  const others = entries.filter((name) => !known.has(name));
  const isLibrary = others.length === 0 && entries.includes(LIBRARY_FILES.cover);
  if (entries.length === 0 || isLibrary) return;
  throw new TagdistillError(
    'E_FILE_EXISTS',
    `no tag library stands here, but ${(others.length > 0 ? others : entries).slice(0, 3).join(', ')}`,
    { file: dir, hint: 'Give --out a new folder, or a tag library to replace.' },
  );
}

/** The items of each date, those of both spaces together. */
function daysByDate({ spaces }: LibraryContent): Map<string, Partial<Record<Space, DayOfTags>>> {
  const days = new Map<string, Partial<Record<Space, DayOfTags>>>();
  for (const space of SPACES) {
    for (const day of spaces[space]?.cover.days ?? []) {
      days.set(day.date, { ...days.get(day.date), [space]: day });
    }
  }
  return days;
}

function* dayRows(day: Readonly<Partial<Record<Space, DayOfTags>>>): Generator<DayTagsRow> {
  for (const space of SPACES) {
    const of = day[space];
    if (of === undefined) continue;
    const { offsets, indices } = of.rows;
    for (let row = 0; row + 1 < offsets.length; row++) {
      const columns = indices.subarray(offsets[row], offsets[row + 1]);
      yield { space, tags: Array.from(columns, (column) => of.tags[column]!) };
    }
  }
}

function* coverRows({ spaces }: LibraryContent): Generator<CoverSetRow> {
  for (const space of SPACES) {
    const of = spaces[space];
    if (of === undefined) continue;
    const formsOf = groupRaws(canonicalNames(of.aliases));
    for (const tag of of.cover.tags) {
      yield {
        space,
        tag_id: tag.id,
        tag: tag.tag,
        aliases: (formsOf.get(tag.tag) ?? []).filter((raw) => raw !== tag.tag),
        items_covered: tag.itemsCovered,
        marginal_gain: tag.marginalGain,
        added_at: tag.addedAt,
        last_seen: tag.lastSeen,
        status: tag.status,
      };
    }
  }
}

async function manifestOf(
  { options, encoder, inputs, spaces, graph }: LibraryContent,
  dir: string,
  files: readonly string[],
): Promise<LibraryManifest> {
  const listed: LibraryManifest['files'] = {};
  for (const file of files) {
    const path = libraryPath(dir, file);
    listed[file] = { sha256: await sha256File(path), sizeBytes: (await stat(path)).size };
  }
  const described: LibraryManifest['spaces'] = {};
  for (const space of SPACES) {
    if (spaces[space]) described[space] = describeSpace(spaces[space]);
  }
  const logic = { i2u: graph.nEdges('i2u'), u2i: graph.nEdges('u2i') };
  return {
    formatVersion: LIBRARY_FORMAT_VERSION,
    kind: 'tags',
    toolVersion: packageVersion(),
    ...{ options, encoder, inputs },
    ...{ spaces: described, logic, files: listed },
  };
}

function describeSpace({
  aliases,
  cover: { version, tags, days },
}: LibrarySpace): NonNullable<LibraryManifest['spaces']['item']> {
  const nLive = tags.filter(({ status }) => status === 'live').length;
  return {
    ...{ version, nLive, nRetired: tags.length - nLive, nRaw: aliases.length },
    nCanonical: new Set(aliases.map(({ canonical }) => canonical)).size,
    aliasHash: freezeAliases(canonicalNames(aliases)).hash,
    days: days.map(({ date }) => date),
  };
}

/** The same file under a second name, or a copy where the disk has no hard links. */
async function share(from: string, to: string): Promise<void> {
  await link(from, to).catch(async () => {
    if (await isThere(from)) await copyFile(from, to);
    else throw new TagdistillError('E_FILE_MISSING', 'a day of the library is gone', { file: from });
  });
}
