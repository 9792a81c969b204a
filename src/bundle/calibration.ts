import type { Space } from '../core/space.js';

/** Maps a logit to the chance that the teacher names the tag: sigmoid(scale * logit + shift). */
export interface Calibration {
  readonly scale: number;
  readonly shift: number;
}

/** `calibration.json`: one map for each space. */
export type Calibrations = Readonly<Partial<Record<Space, Calibration>>>;

export function probability(logit: number, { scale, shift }: Calibration): number {
  return 1 / (1 + Math.exp(-(scale * logit + shift)));
}
