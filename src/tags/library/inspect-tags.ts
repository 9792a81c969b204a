import { SPACES, type Space } from '../../core/space.js';
import { byCodePoint } from '../code-point-order.js';
import { windowOf, type DayOfTags } from '../cover/day-of-tags.js';
import { lazyCover } from '../cover/lazy-cover.js';
import { canonicalNames, groupRaws } from '../merge/alias-table.js';
import type { Alias, AliasReason } from '../merge/semantic-aliases.js';
import { canonicalDay, countUses, loadDayLabels } from './day-labels.js';
import { spellingAliases } from './extend-aliases.js';
import { frequencyLaw, growthCurve, type FrequencyLaw } from './frequency-law.js';
import { isLibrary, readLibrary } from './read-library.js';

export interface InspectTagsOptions {
  readonly tau?: number;
  /** Cover sets are sized at depths 1 to this. */
  readonly maxDepth?: number;
  /** Tags to list at the top and at the tail, and merges. */
  readonly top?: number;
  readonly signal?: AbortSignal;
}

export interface TagUses {
  readonly tag: string;
  readonly uses: number;
}

/** What there is to see of the tags of one space. */
export interface SpaceInspection extends FrequencyLaw {
  readonly nItems: number;
  readonly nRaw: number;
  readonly nCanonical: number;
  /** Items against distinct canonical tags among them, in the order of the data. */
  readonly growth: readonly (readonly [nItems: number, nTags: number])[];
  readonly top: readonly TagUses[];
  /** The least used, in code point order. */
  readonly tail: readonly TagUses[];
  readonly depths: readonly DepthSize[];
  /** Raw tags by how they came to their canonical tag. */
  readonly nByReason: Readonly<Record<AliasReason, number>>;
  /** Canonical tags of most raw forms. */
  readonly merges: readonly { readonly canonical: string; readonly forms: readonly string[] }[];
}

/** How large a cover set must be for each item to have `depth` tags of it. */
export interface DepthSize {
  readonly depth: number;
  readonly nTags: number;
  readonly recall: number;
  /** Tags of the set that an item has. */
  readonly meanTagsPerItem: number;
}

export interface TagInspection {
  readonly kind: 'library' | 'dataset';
  readonly tau: number;
  readonly spaces: Readonly<Partial<Record<Space, SpaceInspection>>>;
}

/**
 * Look at the tags of a data set, with its spellings merged, or of the window of a tag library, with its aliases.
 *
 * @throws TagdistillError what reading either throws; `E_NO_ROWS` if no item has a tag
 */
export async function inspectTags(
  dir: string,
  { tau = 0.99, maxDepth = 10, top = 10, signal }: InspectTagsOptions = {},
): Promise<TagInspection> {
  const spaces: Partial<Record<Space, SpaceInspection>> = {};
  const kind = (await isLibrary(dir)) ? 'library' : 'dataset';
  const parts = kind === 'library' ? await libraryParts(dir) : await datasetParts(dir, signal);
  for (const space of SPACES) {
    const of = parts[space];
    if (of !== undefined) spaces[space] = inspectSpace(of, { tau, maxDepth, top });
  }
  return { kind, tau, spaces };
}

interface SpacePart {
  readonly day: DayOfTags;
  readonly aliases: readonly Alias[];
}
type Parts = Partial<Record<Space, SpacePart>>;

async function libraryParts(dir: string): Promise<Parts> {
  const { spaces } = await readLibrary(dir);
  const parts: Parts = {};
  for (const space of SPACES) {
    const of = spaces[space];
    if (of === undefined) continue;
    const { tags, rows } = windowOf(of.cover.days);
    parts[space] = { day: { date: '', tags, rows }, aliases: of.aliases };
  }
  return parts;
}

async function datasetParts(dir: string, signal: AbortSignal | undefined): Promise<Parts> {
  const { labels } = await loadDayLabels([dir], signal === undefined ? {} : { signal });
  const parts: Parts = {};
  for (const space of SPACES) {
    const of = labels[space];
    if (of === undefined) continue;
    const aliases = spellingAliases(countUses(of));
    parts[space] = { day: canonicalDay('', of, canonicalNames(aliases)), aliases };
  }
  return parts;
}

function inspectSpace(
  { day, aliases }: SpacePart,
  { tau, maxDepth, top }: { readonly tau: number; readonly maxDepth: number; readonly top: number },
): SpaceInspection {
  const byUse = [...countUses(day)]
    .map(([tag, uses]): TagUses => ({ tag, uses }))
    .filter(({ uses }) => uses > 0)
    .sort((a, b) => b.uses - a.uses || byCodePoint(a.tag, b.tag));
  const nByReason = { same: 0, spelling: 0, semantic: 0, decision: 0 };
  for (const { reason } of aliases) nByReason[reason]++;
  return {
    nItems: day.rows.offsets.length - 1,
    nRaw: aliases.length,
    nCanonical: byUse.length,
    growth: growthCurve(day.rows),
    ...frequencyLaw(byUse.map(({ uses }) => uses)),
    top: byUse.slice(0, top),
    tail: byUse.slice(Math.max(top, byUse.length - top)),
    depths: Array.from({ length: maxDepth }, (_, i) => depthSize(day, i + 1, tau)),
    nByReason,
    merges: largestMerges(aliases, top),
  };
}

function depthSize({ tags, rows }: DayOfTags, depth: number, tau: number): DepthSize {
  const { chosen, recall, nItems } = lazyCover(rows, { tau, depth, tags });
  const nUses = chosen.reduce((sum, { itemsCovered }) => sum + itemsCovered, 0);
  return { depth, nTags: chosen.length, recall, meanTagsPerItem: nUses / nItems };
}

function largestMerges(aliases: readonly Alias[], top: number): SpaceInspection['merges'] {
  return [...groupRaws(canonicalNames(aliases))]
    .map(([canonical, of]) => ({ canonical, forms: of.filter((raw) => raw !== canonical) }))
    .filter((merge) => merge.forms.length > 0)
    .sort((a, b) => b.forms.length - a.forms.length || byCodePoint(a.canonical, b.canonical))
    .slice(0, top);
}
