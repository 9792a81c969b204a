import { join } from 'node:path';
import { TagdistillError } from '../../core/errors.js';
import { SPACES, type Space } from '../../core/space.js';
import { readArrowRows } from '../../dataset/arrow-reader.js';
import { tablePath } from '../../dataset/files.js';
import { countRawUses } from '../count-raw-uses.js';
import { spellingKey } from '../merge/spelling-key.js';
import { mergeTags } from '../merge/spelling.js';
import { normaliseTag } from '../normalise.js';
import { readAliases } from './aliases.js';
import { LIBRARY_FILES } from './library-files.js';

/** One use of a tag by an item. */
export interface TagUse {
  readonly itemId: string;
  readonly raw: string;
  /** Keys of the answers in `calls.arrow` that named it. */
  readonly callKeys: readonly string[];
}

/** Where a tag came from, in one space. */
export interface TagTrace {
  readonly canonical: string;
  /** Every raw form of it in the data set, the most used first. */
  readonly forms: readonly { readonly raw: string; readonly uses: number }[];
  /** In the order of the data set. */
  readonly uses: readonly TagUse[];
}

export interface TraceOptions {
  /** A tag library, for its aliases. Default: spellings of the data set are merged. */
  readonly library?: string;
  readonly signal?: AbortSignal;
}

/**
 * Trace a tag, under any of its forms, back to the items and answers that it came from.
 *
 * Reads `item_tags.arrow` twice, batch by batch; memory holds the distinct tags and the uses found.
 *
 * @throws TagdistillError `E_BAD_OPTION` if no space has the tag; `E_ABORTED`; what reading throws
 */
export async function traceTag(
  dataset: string,
  tag: string,
  { library, signal }: TraceOptions = {},
): Promise<Partial<Record<Space, TagTrace>>> {
  const path = tablePath(dataset, 'item_tags');
  const counts = await countRawUses(dataset, () => checkAborted(signal));
  const aliases = library === undefined ? undefined : await readAliases(join(library, LIBRARY_FILES.aliases));
  const traces: Partial<Record<Space, { canonical: string; raws: Map<string, number>; uses: TagUse[] }>> = {};
  for (const space of SPACES) {
    const own = mergeTags(counts[space]).canonicalOf;
    const frozen = new Map(aliases?.[space]?.map(({ raw, canonical }) => [raw, canonical]));
    const canonicalOf = (raw: string): string | undefined => frozen.get(raw) ?? own.get(raw);
    const canonical = findCanonical(tag, [...frozen.keys(), ...own.keys()], canonicalOf);
    if (canonical === undefined) continue;
    const raws = [...counts[space]].filter(([raw]) => canonicalOf(raw) === canonical);
    if (raws.length > 0) traces[space] = { canonical, raws: new Map(raws), uses: [] };
  }
  if (Object.keys(traces).length === 0) {
    throw new TagdistillError('E_BAD_OPTION', `no item has the tag ${JSON.stringify(tag.slice(0, 80))}`, {
      file: path,
      hint: 'Give a tag as `tagdistill tags count` or `tags merges` prints it.',
    });
  }
  for await (const batch of readArrowRows(path, 'item_tags')) {
    checkAborted(signal);
    for (const { space, item_id, tag_raw, call_keys } of batch) {
      const trace = traces[space];
      if (trace?.raws.has(tag_raw) === true) {
        trace.uses.push({ itemId: item_id, raw: tag_raw, callKeys: call_keys });
      }
    }
  }
  return Object.fromEntries(
    Object.entries(traces).map(([space, { canonical, raws, uses }]) => [
      space,
      {
        canonical,
        forms: [...raws].map(([raw, n]) => ({ raw, uses: n })).sort((a, b) => b.uses - a.uses),
        uses,
      },
    ]),
  );
}

/** The tag as it stands, else as a canonical tag or a form that normalises alike, else as a spelling of one. */
function findCanonical(
  tag: string,
  raws: readonly string[],
  canonicalOf: (raw: string) => string | undefined,
): string | undefined {
  const exact = canonicalOf(tag);
  if (exact !== undefined) return exact;
  const normal = normaliseTag(tag);
  const alike = raws.find((raw) => canonicalOf(raw) === tag || normaliseTag(raw) === normal);
  if (alike !== undefined) return canonicalOf(alike);
  const key = spellingKey(tag);
  const spelled = raws.find((raw) => spellingKey(raw) === key);
  return spelled === undefined ? undefined : canonicalOf(spelled);
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new TagdistillError('E_ABORTED', 'reading was stopped', { cause: signal.reason });
  }
}
