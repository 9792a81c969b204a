import type { DayOfTags } from './day-of-tags.js';

/** A tag that is or was in the cover set. */
export interface CoverTagState {
  /** Made when the tag was first seen; never changes, and is never given to another tag. */
  readonly id: string;
  readonly tag: string;
  readonly status: 'live' | 'retired';
  /** When it came in, the last time it did. ISO 8601 date. */
  readonly addedAt: string;
  /** The last day on which an item had it. */
  readonly lastSeen: string;
  /** Items of the window that have it. */
  readonly itemsCovered: number;
  /** Items of the window that it was the first to cover when it came in. */
  readonly marginalGain: number;
}

/** The cover set of one space, and the days that it stands on. */
export interface CoverState {
  /** One more with every update that took a day in. */
  readonly version: number;
  /** All tags that ever were in the set, in the order in which they first came in. */
  readonly tags: readonly CoverTagState[];
  /** The last days, oldest first. */
  readonly days: readonly DayOfTags[];
}

/** The state before the first day. */
export const EMPTY_COVER: CoverState = { version: 0, tags: [], days: [] };
