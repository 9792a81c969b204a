import { TagdistillError } from '../core/errors.js';
import { SPACES, type Space } from '../core/space.js';
import { tablePath } from '../dataset/files.js';
import type { TagLabels } from '../dataset/labelled-items.js';
import { loadLabelled } from '../dataset/load-labelled.js';
import type { CoverSetRow } from '../dataset/rows.js';
import { lazyCover } from './cover/lazy-cover.js';
import { tagId } from './cover/tag-id.js';
import { normaliseTag } from './normalise.js';
import { buildVocabulary } from './vocabulary.js';
import { writeTable } from './write-table.js';

export interface CoverTag {
  readonly tag: string;
  readonly aliases: readonly string[];
  readonly itemsCovered: number;
  readonly marginalGain: number;
}

/** The tags of a data set in one space, at each step from raw strings to the cover set. */
export interface TagsSummary {
  readonly nUses: number;
  readonly nRaw: number;
  readonly nNormalised: number;
  readonly nCanonical: number;
  /** Chosen from the canonical tags, in the order chosen. */
  readonly coverSet: readonly CoverTag[];
  /** Share of the items with tags that the cover set covers. */
  readonly recall: number;
  /** Items with at least one tag. */
  readonly nItems: number;
}

export interface SummariseTagsOptions {
  readonly tau?: number;
  readonly depth?: number;
  /** Also write `cover_set.arrow` into the data set folder. */
  readonly write?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Count the tags of a data set and choose its cover set, in each space that it has.
 *
 * @throws TagdistillError `E_NO_ROWS` if no item has a tag, `E_BAD_OPTION` from {@link lazyCover}, and what reading
 *   and writing throw
 */
export async function summariseTags(
  dir: string,
  { tau = 0.99, depth = 1, write = false, signal }: SummariseTagsOptions = {},
): Promise<Partial<Record<Space, TagsSummary>>> {
  const { labels } = await loadLabelled(dir, signal === undefined ? {} : { signal });
  const summaries: Partial<Record<Space, TagsSummary>> = {};
  for (const space of SPACES) {
    if (labels[space] !== undefined) summaries[space] = summariseSpace(labels[space], tau, depth);
  }
  if (Object.keys(summaries).length === 0) {
    throw new TagdistillError('E_NO_ROWS', 'no item has a tag', {
      file: dir,
      hint: 'Import or teach first.',
    });
  }
  if (write) await writeCoverSet(dir, summaries, { tau, depth });
  return summaries;
}

function summariseSpace({ tags, rows }: TagLabels, tau: number, depth: number): TagsSummary {
  const canonical = buildVocabulary(tags, rows, { kind: 'canonical' });
  const merged = {
    ...rows,
    indices: rows.indices.map((raw) => canonical.columnOf[raw]!),
    nColumns: canonical.tags.length,
  };
  const cover = lazyCover(merged, { tau, depth, tags: canonical.tags.map(({ tag }) => tag) });
  return {
    nUses: rows.indices.length,
    nRaw: tags.length,
    nNormalised: new Set(tags.map(normaliseTag)).size,
    nCanonical: canonical.tags.length,
    coverSet: cover.chosen.map(({ column, itemsCovered, marginalGain }) => {
      const { tag, aliases } = canonical.tags[column]!;
      return { tag, aliases, itemsCovered, marginalGain };
    }),
    recall: cover.recall,
    nItems: cover.nItems,
  };
}

async function writeCoverSet(
  dir: string,
  summaries: Readonly<Partial<Record<Space, TagsSummary>>>,
  options: { readonly tau: number; readonly depth: number },
): Promise<void> {
  const metadata = { tau: String(options.tau), depth: String(options.depth) };
  const rows = SPACES.flatMap((space) =>
    (summaries[space]?.coverSet ?? []).map(({ tag, aliases, itemsCovered, marginalGain }): CoverSetRow => ({
      space,
      tag_id: tagId(tag),
      tag,
      aliases,
      items_covered: itemsCovered,
      marginal_gain: marginalGain,
      added_at: null,
      last_seen: null,
      status: 'live',
    })),
  );
  await writeTable(tablePath(dir, 'cover_set'), 'cover_set', rows, metadata);
}
