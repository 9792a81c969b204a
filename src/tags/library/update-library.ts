import { TagdistillError } from '../../core/errors.js';
import { SPACES, type Space } from '../../core/space.js';
import { EMPTY_COVER } from '../cover/cover-state.js';
import { checkDate } from '../cover/day-of-tags.js';
import { updateCover, type UpdateReport } from '../cover/update-cover.js';
import { canonicalNames } from '../merge/alias-table.js';
import { canonicalDay, countUses, loadDayLabels } from './day-labels.js';
import { extendAliases } from './extend-aliases.js';
import type { LibrarySpace } from './library-content.js';
import type { LibraryManifest } from './library-manifest.js';
import { coverOptionsOf } from './library-options.js';
import { readLibrary } from './read-library.js';
import { recoverFolder } from './swap-folder.js';
import type { TagVectors } from './build-library.js';
import { writeLibrary } from './write-library.js';

export interface UpdateLibraryOptions {
  /** The day, ISO 8601. */
  readonly date: string;
  /** The encoder that the library was built with; needed where its options keep tags apart by meaning. */
  readonly vectors?: TagVectors;
  readonly signal?: AbortSignal;
}

export interface LibraryUpdate {
  readonly manifest: LibraryManifest;
  /** Only the spaces in which the day has a tag; the others stay as they are. */
  readonly covers: Readonly<Partial<Record<Space, UpdateReport>>>;
}

/**
 * Take a day's data sets into a tag library: aliases and cover set; logic edges of tags that stay are kept.
 *
 * The library is replaced at the end by one that is whole; the same day again writes nothing. A new tag that spells a
 * known one counts as it; tags are merged by meaning at the next build.
 *
 * @throws TagdistillError `E_BAD_INPUT` for a day before the last one, `E_BAD_OPTION` for a date that is none or a
 *   missing or other encoder; what {@link readLibrary}, {@link loadDayLabels} and writing throw
 */
export async function updateLibrary(
  dir: string,
  datasets: readonly string[],
  { date, vectors, signal }: UpdateLibraryOptions,
): Promise<LibraryUpdate> {
  checkDate(date);
  await recoverFolder(dir);
  const library = await readLibrary(dir);
  checkVectors(dir, library.manifest, vectors);
  const { labels, inputs } = await loadDayLabels(datasets, signal === undefined ? {} : { signal });
  const spaces: Partial<Record<Space, LibrarySpace>> = { ...library.spaces };
  const covers: Partial<Record<Space, UpdateReport>> = {};
  for (const space of SPACES) {
    const of = labels[space];
    if (of === undefined) continue;
    const old = library.spaces[space] ?? { aliases: [], cover: EMPTY_COVER };
    const aliases = extendAliases(old.aliases, countUses(of));
    const { state, report } = updateCover(old.cover, canonicalDay(date, of, canonicalNames(aliases)), {
      ...coverOptionsOf(library.options),
      ...(library.encoder && vectors && { vectorOf: vectors.vectorOf }),
    });
    covers[space] = report;
    if (!report.isRepeat) spaces[space] = { aliases, cover: state };
  }
  if (Object.values(covers).every(({ isRepeat }) => isRepeat)) return { manifest: library.manifest, covers };
  if (signal?.aborted === true) {
    throw new TagdistillError('E_ABORTED', 'the update was stopped; nothing was written', {
      cause: signal.reason,
    });
  }
  const kept = new Set(SPACES.flatMap((space) => spaces[space]?.cover.days.map((day) => day.date) ?? []));
  const manifest = await writeLibrary(
    dir,
    {
      ...library,
      spaces,
      inputs: [
        ...library.inputs.filter((input) => input.date !== date && kept.has(input.date)),
        ...inputs.map((input) => ({ date, ...input })),
      ],
    },
    { unchanged: new Set([...kept].filter((day) => day !== date)) },
  );
  return { manifest, covers };
}

function checkVectors(
  dir: string,
  { encoder, options }: LibraryManifest,
  vectors: TagVectors | undefined,
): void {
  if (encoder === null || (vectors === undefined && options.maxOverlap === 1)) return;
  if (vectors?.fingerprint === encoder.fingerprint) return;
  throw new TagdistillError(
    'E_BAD_OPTION',
    `the library was built with the encoder ${encoder.name}, given was ${vectors?.name ?? 'none'}`,
    { file: dir, hint: 'Give the encoder that the library was built with.' },
  );
}
