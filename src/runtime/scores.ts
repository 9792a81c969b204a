import type { Space } from '../core/space.js';

/** One tag of a text, with the chance in [0, 1] that the teacher would name it. */
export interface TagScore {
  readonly tag: string;
  readonly score: number;
}

/** A given tag's score; `isKnown` tells whether training saw the tag. */
export interface RankedTag extends TagScore {
  readonly isKnown: boolean;
}

/** The tags of one text, best first, in each space that was asked for and that the student has. */
export type TextScores = Readonly<Partial<Record<Space, readonly TagScore[]>>>;

export interface ScoreOptions {
  /** At most this many tags a space. Default 10. */
  readonly topK?: number;
  /** Leave out tags whose score is below this. Default 0. */
  readonly threshold?: number;
  /** Only this space. Default: every space that the student has. */
  readonly space?: Space;
  readonly signal?: AbortSignal;
}
