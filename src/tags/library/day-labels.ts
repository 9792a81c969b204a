import { basename, resolve } from 'node:path';
import { TagdistillError } from '../../core/errors.js';
import { sha256File } from '../../core/hash.js';
import { selectRows, type SparseRows } from '../../core/sparse.js';
import { SPACES, type Space } from '../../core/space.js';
import { tablePath } from '../../dataset/files.js';
import type { TagLabels } from '../../dataset/labelled-items.js';
import { loadLabelled } from '../../dataset/load-labelled.js';
import { usesByColumn } from '../cover/column-cells.js';
import { windowOf, type DayOfTags } from '../cover/day-of-tags.js';

/** The raw tags of some data sets, put one below the other. */
export interface DayLabels {
  /** Only the spaces in which an item has a tag. */
  readonly labels: Readonly<Partial<Record<Space, TagLabels>>>;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * Load the tags of one or more data sets; items without tags are left out.
 *
 * @throws TagdistillError `E_NO_ROWS` if no item has a tag; and what {@link loadLabelled} throws
 */
export async function loadDayLabels(
  datasets: readonly string[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<DayLabels> {
  const parts: Record<Space, DayOfTags[]> = { item: [], user: [] };
  const inputs: { name: string; sha256: string }[] = [];
  for (const dir of datasets) {
    const { labels } = await loadLabelled(dir, signal === undefined ? {} : { signal });
    for (const space of SPACES) {
      const of = labels[space];
      if (of !== undefined) parts[space].push({ date: '', tags: of.tags, rows: withoutEmptyRows(of.rows) });
    }
    inputs.push({ name: basename(resolve(dir)), sha256: await sha256File(tablePath(dir, 'item_tags')) });
  }
  const labels = Object.fromEntries(
    SPACES.flatMap((space) => (parts[space].length === 0 ? [] : [[space, windowOf(parts[space])]])),
  ) as Partial<Record<Space, TagLabels>>;
  if (Object.keys(labels).length === 0) {
    throw new TagdistillError('E_NO_ROWS', 'no item has a tag', {
      ...(datasets[0] !== undefined && { file: datasets.join(', ') }),
      hint: 'Import or teach first.',
    });
  }
  return { labels, inputs };
}

/** Items that have each tag. */
export function countUses({ tags, rows }: TagLabels): Map<string, number> {
  const uses = usesByColumn(rows);
  return new Map(tags.map((tag, column) => [tag, uses[column]!]));
}

/** Put the canonical tag in the place of each raw one. */
export function canonicalDay(
  date: string,
  { tags, rows }: TagLabels,
  canonicalOf: ReadonlyMap<string, string>,
): DayOfTags {
  const names = tags.map((tag) => canonicalOf.get(tag) ?? tag);
  const window = windowOf([{ date, tags: names, rows }]);
  return { date, tags: window.tags, rows: window.rows };
}

function withoutEmptyRows(rows: SparseRows): SparseRows {
  const { offsets } = rows;
  const all = Array.from({ length: offsets.length - 1 }, (_, row) => row);
  return selectRows(
    rows,
    all.filter((row) => offsets[row] !== offsets[row + 1]),
  );
}
