import { lazyCover } from './lazy-cover.js';
import type { DayOfTags } from './day-of-tags.js';

export interface Algorithm1State {
  /** The cover set S. */
  readonly selected: readonly string[];
  /** H: the tags of each of the last days, oldest first. */
  readonly history: readonly ReadonlySet<string>[];
}

export interface Algorithm1Options {
  readonly tau?: number;
  /** D; the paper does not give it. */
  readonly historyDays?: number;
  /** Not in the paper, which covers an item by one tag. */
  readonly depth?: number;
}

export interface Algorithm1Step {
  readonly state: Algorithm1State;
  /** Share of the day's items that S covered before the step. */
  readonly tagRecall: number;
  readonly recall: number;
  /** Tags that were not in S, in the order chosen. */
  readonly added: readonly string[];
  readonly dropped: readonly string[];
}

/**
 * Take one day as the published algorithm does, its misprints mended: the yardstick for {@link updateCover}.
 *
 * 1. The tag recall: the share of the day's items that have a tag of S.
 * 2. Selected: the tags of S that cover something.
 * 3. While less than tau is covered, select the tag of most uncovered items.
 * 4. The day enters H and the oldest one leaves; S becomes S and the selected tags, without those that no day of H
 *    has.
 *
 * Mended: line 8 intersects the covered items with those of a new tag, where they must be united, else nothing is
 * ever covered; and "selected" alone cannot be the next S, as a tag unseen on one day would drop out and H would have
 * no use. Ties, on which the paper is silent, go as in {@link lazyCover}. A day without tags changes H alone.
 *
 * @throws TagdistillError `E_BAD_OPTION` as {@link lazyCover}
 * @see Yu et al. 2025 (TagCF), Algorithm 1
 */
export function algorithm1(
  { selected, history }: Algorithm1State,
  { tags, rows }: DayOfTags,
  { tau = 0.99, historyDays = 14, depth = 1 }: Algorithm1Options = {},
): Algorithm1Step {
  const columnOf = new Map(tags.map((tag, column) => [tag, column]));
  const current = selected.flatMap((tag) => columnOf.get(tag) ?? []);
  const cover = lazyCover(rows, { tau, depth, current, tags });
  const known = new Set(selected);
  const added = cover.chosen.map(({ column }) => tags[column]!).filter((tag) => !known.has(tag));
  const seen = new Set(Array.from(rows.indices, (column) => tags[column]!));
  const days = [...history, seen].slice(-historyDays);
  const isSeen = (tag: string): boolean => days.some((day) => day.has(tag));
  return {
    state: { selected: [...selected, ...added].filter(isSeen), history: days },
    tagRecall: cover.recallBefore,
    recall: cover.recall,
    added,
    dropped: selected.filter((tag) => !isSeen(tag)),
  };
}
