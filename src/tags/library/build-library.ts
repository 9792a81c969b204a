import type { OnProgress } from '../../core/progress.js';
import { SPACES, type Space } from '../../core/space.js';
import { EMPTY_COVER } from '../cover/cover-state.js';
import { checkDate } from '../cover/day-of-tags.js';
import { symmetryOf, type SymmetryReport } from '../cover/symmetry.js';
import { updateCover, type UpdateReport } from '../cover/update-cover.js';
import { canonicalNames, groupRaws } from '../merge/alias-table.js';
import type { Decisions } from '../merge/decisions.js';
import type { Alias } from '../merge/semantic-aliases.js';
import { MERGE_THRESHOLD, mergeSemantic } from '../merge/semantic.js';
import { mergeTags } from '../merge/spelling.js';
import type { CanonicalNames } from '../transfer/name-matcher.js';
import { canonicalDay, countUses, loadDayLabels } from './day-labels.js';
import { spellingAliases } from './extend-aliases.js';
import type { LibrarySpace } from './library-content.js';
import type { LibraryManifest } from './library-manifest.js';
import { coverOptionsOf, frozenOptions, type LibraryOptions } from './library-options.js';
import { buildLogic, type CoverTag, type LogicReport } from './logic-build.js';
import { refuseOtherThanLibrary, writeLibrary } from './write-library.js';

/** An encoder of tags, and the name by which the manifest tells it. */
export interface TagVectors {
  readonly name: string;
  readonly fingerprint: string;
  readonly vectorOf: (tag: string) => Float32Array;
}

export interface BuildLibraryOptions extends LibraryOptions {
  /** Folder of the library to make; an old library there is replaced. */
  readonly out: string;
  /** The first day, ISO 8601. */
  readonly date: string;
  /** Merge tags of the same meaning, at or above a cosine, and keep chosen ones apart by meaning. */
  readonly vectors?: TagVectors;
  readonly mergeThreshold?: number;
  readonly decisions?: Decisions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface BuildReport {
  readonly manifest: LibraryManifest;
  /** What the choice of the first cover set was. */
  readonly covers: Readonly<Partial<Record<Space, UpdateReport>>>;
  readonly symmetry: SymmetryReport;
  readonly logic: LogicReport;
}

/**
 * Make a tag library of data sets: aliases, cover set, logic edges. Written whole or not at all.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `out` holds something else; `E_NO_ROWS` if no item has a tag;
 *   `E_BAD_OPTION`; `E_ABORTED`; what reading and writing throw
 */
export async function buildLibrary(
  datasets: readonly string[],
  {
    out,
    date,
    vectors,
    mergeThreshold = MERGE_THRESHOLD,
    decisions,
    onProgress,
    signal,
    ...given
  }: BuildLibraryOptions,
): Promise<BuildReport> {
  checkDate(date);
  await refuseOtherThanLibrary(out);
  const running = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const options = frozenOptions(given, vectors === undefined ? null : mergeThreshold);
  const { labels, inputs } = await loadDayLabels(datasets, running);
  const spaces: Partial<Record<Space, LibrarySpace>> = {};
  const covers: Partial<Record<Space, UpdateReport>> = {};
  const canonical: Partial<Record<Space, CanonicalNames>> = {};
  for (const space of SPACES) {
    const of = labels[space];
    if (of === undefined) continue;
    onProgress?.({ stage: 'cover', done: SPACES.indexOf(space), total: SPACES.length });
    const counts = countUses(of);
    const aliases = mergedAliases(counts, { space, vectors, mergeThreshold, decisions });
    const canonicalOf = canonicalNames(aliases);
    const { state, report } = updateCover(EMPTY_COVER, canonicalDay(date, of, canonicalOf), {
      ...coverOptionsOf(options),
      ...(vectors && { vectorOf: vectors.vectorOf }),
    });
    spaces[space] = { aliases, cover: state };
    covers[space] = report;
    canonical[space] = { canonicalOf };
  }
  const tags = { item: coverTags(spaces.item), user: coverTags(spaces.user) };
  const { graph, report: logic } = await buildLogic(datasets, {
    ...{ tags, aliases: canonical, top: options.top },
    ...running,
  });
  const encoder = vectors === undefined ? null : { name: vectors.name, fingerprint: vectors.fingerprint };
  const dated = inputs.map((input) => ({ date, ...input }));
  const manifest = await writeLibrary(out, { options, encoder, inputs: dated, spaces, graph });
  return { manifest, covers, symmetry: symmetryOf(spaces), logic };
}

function mergedAliases(
  counts: ReadonlyMap<string, number>,
  {
    space,
    vectors,
    mergeThreshold,
    decisions,
  }: { readonly space: Space; readonly mergeThreshold: number } & {
    readonly [name in 'vectors' | 'decisions']: BuildLibraryOptions[name] | undefined;
  },
): readonly Alias[] {
  if (vectors === undefined && decisions === undefined) return spellingAliases(counts);
  return mergeSemantic(mergeTags(counts), counts, {
    ...{ space, vectorOf: vectors?.vectorOf ?? withoutDirection, threshold: mergeThreshold },
    ...(decisions && { decisions }),
  }).aliases;
}

/** Without an encoder only decisions merge. */
function withoutDirection(): Float32Array {
  return new Float32Array(1);
}

function coverTags(space: LibrarySpace | undefined): CoverTag[] {
  const forms = groupRaws(canonicalNames(space?.aliases ?? []));
  return (space?.cover.tags ?? [])
    .filter(({ status }) => status === 'live')
    .map(({ id, tag }) => ({ id, tag, aliases: forms.get(tag) ?? [] }));
}
