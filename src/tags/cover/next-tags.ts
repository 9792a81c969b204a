import { usesByColumn } from './column-cells.js';
import type { CoverTagState } from './cover-state.js';
import type { DayOfTags, Window } from './day-of-tags.js';
import type { CoverChoice } from './lazy-cover.js';
import { tagId } from './tag-id.js';

export interface NextTagsOptions {
  /** Tags that come in, with what {@link lazyCover} said of them. */
  readonly chosen: ReadonlyMap<string, CoverChoice>;
  readonly window: Window;
  /** The days of the window, oldest first. */
  readonly days: readonly DayOfTags[];
  /** There are D days, so that a tag which none has may be retired. */
  readonly isFull: boolean;
}

/** Bring the tags that ever were in the set up to date: old ones in their order, then new ones as chosen. */
export function nextTags(
  tags: readonly CoverTagState[],
  { chosen, window, days, isFull }: NextTagsOptions,
): CoverTagState[] {
  const uses = usesByColumn(window.rows);
  const usesOf = (tag: string): number => {
    const column = window.columnOf.get(tag);
    return column === undefined ? 0 : uses[column]!;
  };
  const lastSeen = lastSeenIn(days);
  const ids = new Set(tags.map(({ id }) => id));
  const known = new Set(tags.map(({ tag }) => tag));
  const admit = (tag: string, id: string, { marginalGain }: CoverChoice): CoverTagState => {
    const date = days.at(-1)!.date;
    const seen = { addedAt: date, lastSeen: lastSeen.get(tag) ?? date };
    return { id, tag, status: 'live', ...seen, itemsCovered: usesOf(tag), marginalGain };
  };
  const old = tags.map((of): CoverTagState => {
    const choice = chosen.get(of.tag);
    if (choice !== undefined) return admit(of.tag, of.id, choice);
    const itemsCovered = usesOf(of.tag);
    const status = isFull && itemsCovered === 0 ? 'retired' : of.status;
    return { ...of, status, itemsCovered, lastSeen: lastSeen.get(of.tag) ?? of.lastSeen };
  });
  const added = [...chosen].flatMap(([tag, choice]) => {
    if (known.has(tag)) return [];
    const id = tagId(tag, (taken) => ids.has(taken));
    ids.add(id);
    return [admit(tag, id, choice)];
  });
  return [...old, ...added];
}

/** The last day on which an item had each tag. */
function lastSeenIn(days: readonly DayOfTags[]): Map<string, string> {
  const dates = new Map<string, string>();
  for (const { date, tags, rows } of days) {
    const isUsed = new Uint8Array(tags.length);
    for (const column of rows.indices) isUsed[column] = 1;
    tags.forEach((tag, column) => {
      if (isUsed[column] === 1) dates.set(tag, date);
    });
  }
  return dates;
}
