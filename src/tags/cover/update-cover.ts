import { TagdistillError } from '../../core/errors.js';
import { checkCount } from '../check-count.js';
import type { CoverState, CoverTagState } from './cover-state.js';
import { checkDate, isSameDay, windowOf, type DayOfTags, type Window } from './day-of-tags.js';
import { lazyCover, type CoverChoice } from './lazy-cover.js';
import { nextTags } from './next-tags.js';
import { steadyTags } from './steady-tags.js';

export interface UpdateCoverOptions {
  /** Share of the window's items that the set must cover. */
  readonly tau?: number;
  /** An item counts as covered by this many tags. */
  readonly depth?: number;
  /** D: the window; a tag that no item of it has is retired. Days that had an update count, not those between. */
  readonly historyDays?: number;
  /** A tag comes in first that helped uncovered items on this many last days running ... */
  readonly steadyDays?: number;
  /** ... or helps this share of the window's items. */
  readonly margin?: number;
  /** As in {@link lazyCover}. */
  readonly minTags?: number;
  readonly maxTags?: number;
  /** As in {@link lazyCover}; `vectorOf` gives the vector of a tag. */
  readonly maxOverlap?: number;
  readonly vectorOf?: (tag: string) => Float32Array;
}

/** What an update did. */
export interface UpdateReport {
  readonly date: string;
  readonly version: number;
  /** The same day with the same items was taken in before: nothing was done. */
  readonly isRepeat: boolean;
  /** Items of the day that have a tag. */
  readonly nItems: number;
  /** Tag recall: the share of the day's items that the set covered before. NaN without items, as the others. */
  readonly recallBefore: number;
  readonly recallAfter: number;
  /** The share of the window's items that the set covers now: at least tau while tags allow it. */
  readonly windowRecall: number;
  readonly admitted: readonly Admission[];
  /** Tags that no item of the window has. */
  readonly retired: readonly { readonly id: string; readonly tag: string }[];
  readonly nLive: number;
  /** Changes, in and out, as a share of the live tags before; NaN where there was none. */
  readonly churn: number;
}

export interface Admission {
  readonly id: string;
  readonly tag: string;
  /** It was in the set before, under the same id. */
  readonly isBack: boolean;
  /** `needed`: too young to be steady, but without it less than tau was covered. */
  readonly reason: 'steady' | 'needed';
  /** Items of the window that it newly covers. */
  readonly gain: number;
}

/**
 * Take a day's items into the cover set: admit tags where the window falls below tau, retire those unseen in it.
 *
 * The share to cover is that of the last D days together, so a noisy day moves it little; among the tags that would
 * help, those that do so day after day come first. No live tag changes its id or leaves while an item of the window
 * has it. The same day again changes nothing; the last day with other items replaces it.
 *
 * @throws TagdistillError `E_BAD_INPUT` for a day before the last one, `E_BAD_OPTION` for a date that is none and as
 *   {@link lazyCover}
 */
export function updateCover(
  state: CoverState,
  day: DayOfTags,
  options: UpdateCoverOptions = {},
): { readonly state: CoverState; readonly report: UpdateReport } {
  const { tau = 0.99, depth = 1, historyDays = 14, steadyDays = 3, margin = 0.002 } = options;
  checkDate(day.date);
  checkCount('historyDays', historyDays);
  checkCount('steadyDays', steadyDays);
  const last = state.days.at(-1);
  if (last !== undefined && day.date < last.date) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `the day is ${day.date}, but ${last.date} was taken in already`,
      {
        hint: 'Take days in by their order, or build the library anew.',
      },
    );
  }
  const isRepeat = last !== undefined && isSameDay(last, day);
  const earlier = last?.date === day.date ? state.days.slice(0, -1) : state.days;
  const days = [...earlier, day].slice(-historyDays);
  const window = windowOf(days);
  const before = state.tags.filter(({ status }) => status === 'live');
  if (isRepeat) return { state, report: repeatReport(state, { day, window, depth, before }) };

  const current = columnsIn(window, before);
  const isLive = new Uint8Array(window.tags.length);
  for (const column of current) isLive[column] = 1;
  const common = {
    ...{ tau, depth, tags: window.tags },
    ...(options.minTags !== undefined && { minTags: options.minTags }),
    ...(options.maxTags !== undefined && { maxTags: Math.max(options.maxTags, before.length) }),
    ...(options.maxOverlap !== undefined && { maxOverlap: options.maxOverlap }),
    ...vectorsOf(window, options),
  };
  const allowed = steadyTags(window, isLive, { depth, steadyDays, margin });
  const steady = lazyCover(window.rows, { ...common, current, allowed });
  const kept = steady.chosen.map(({ column }) => column);
  const cover =
    steady.recall < tau || kept.length < (options.minTags ?? 0)
      ? lazyCover(window.rows, { ...common, current: kept })
      : steady;
  const chosen = new Map<string, CoverChoice>();
  for (const choice of cover.chosen) {
    if (isLive[choice.column] === 0) chosen.set(window.tags[choice.column]!, choice);
  }
  const tags = nextTags(state.tags, { chosen, window, days, isFull: days.length >= historyDays });
  const isSteady = new Set(steady.chosen.map(({ column }) => window.tags[column]!));
  const idOf = new Map(tags.map(({ tag, id }) => [tag, id]));
  const known = new Set(state.tags.map(({ tag }) => tag));
  const admitted = [...chosen].map(([tag, { marginalGain }]): Admission => ({
    id: idOf.get(tag)!,
    tag,
    isBack: known.has(tag),
    reason: isSteady.has(tag) ? 'steady' : 'needed',
    gain: marginalGain,
  }));
  const live = tags.filter(({ status }) => status === 'live');
  const stays = new Set(live.map(({ tag }) => tag));
  const retired = before.filter(({ tag }) => !stays.has(tag)).map(({ id, tag }) => ({ id, tag }));
  const version = state.version + 1;
  const report: UpdateReport = {
    ...{ date: day.date, version, isRepeat },
    ...dayRecalls(day, { depth, before, live }),
    windowRecall: cover.recall,
    ...{ admitted, retired, nLive: live.length },
    churn: before.length === 0 ? NaN : (admitted.length + retired.length) / before.length,
  };
  return { state: { version, tags, days }, report };
}

/** The columns of tags that some item of the window has. */
function columnsIn({ columnOf }: Window, tags: readonly CoverTagState[]): number[] {
  return tags.flatMap(({ tag }) => columnOf.get(tag) ?? []);
}

function vectorsOf(
  { tags }: Window,
  { vectorOf }: UpdateCoverOptions,
): { readonly vectorOf?: (column: number) => Float32Array } {
  return vectorOf === undefined ? {} : { vectorOf: (column) => vectorOf(tags[column]!) };
}

/** The day's own recall under the tags before and after. */
function dayRecalls(
  day: DayOfTags,
  {
    depth,
    before,
    live,
  }: {
    readonly depth: number;
    readonly before: readonly CoverTagState[];
    readonly live: readonly CoverTagState[];
  },
): Pick<UpdateReport, 'nItems' | 'recallBefore' | 'recallAfter'> {
  const alone = windowOf([day]);
  const under = (tags: readonly CoverTagState[]): ReturnType<typeof lazyCover> =>
    lazyCover(alone.rows, { tau: 0, depth, current: columnsIn(alone, tags) });
  const { nItems, recallBefore } = under(before);
  return { nItems, recallBefore, recallAfter: under(live).recallBefore };
}

function repeatReport(
  { version }: CoverState,
  {
    day,
    window,
    depth,
    before,
  }: {
    readonly day: DayOfTags;
    readonly window: Window;
    readonly depth: number;
    readonly before: readonly CoverTagState[];
  },
): UpdateReport {
  const whole = lazyCover(window.rows, { tau: 0, depth, current: columnsIn(window, before) });
  return {
    ...{ date: day.date, version, isRepeat: true },
    ...dayRecalls(day, { depth, before, live: before }),
    windowRecall: whole.recallBefore,
    ...{ admitted: [], retired: [], nLive: before.length, churn: before.length === 0 ? NaN : 0 },
  };
}
