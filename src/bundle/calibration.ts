import type { Space } from '../core/space.js';

/**
 * Maps the logit of a tag to the chance that the teacher names the tag.
 *
 * The tag's own shift is added to the logit; what comes out is a log-odds: scale * logit + shift, or piecewise linear
 * through the knots where there are any. So a higher shifted logit never means a lower probability, and both order tags
 * alike.
 */
export interface Calibration {
  /** One over the temperature; not negative. Past the knots it goes on as the slope. */
  readonly scale: number;
  readonly shift: number;
  /** Shifted logit to log-odds; both rise from knot to knot. */
  readonly knots: readonly (readonly [logit: number, logOdds: number])[];
  /** By column of the student's output, what its logit gains first. */
  readonly tagShifts: Readonly<Record<number, number>>;
}

/** Predictions whose probability lies in [lower, upper), the last bin 1 as well. */
export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
  readonly meanProbability: number;
  /** Share of the predictions that the teacher named. */
  readonly shareNamed: number;
}

/** How well probabilities met what the teacher named, on items that their maps were not fitted on. */
export interface CalibrationReport {
  /** What the map consists of. */
  readonly stages: readonly ('logistic' | 'tag shifts' | 'isotonic')[];
  readonly nItems: number;
  /** Best tags of each item that the map was fitted on. */
  readonly k: number;
  /** Best tags of each item that ECE and bins count. */
  readonly eceK: number;
  /** Of 1 / (1 + exp(-logit)). */
  readonly eceBefore: number;
  readonly eceAfter: number;
  /** Mean a prediction, natural logarithm. */
  readonly logLossBefore: number;
  readonly logLossAfter: number;
  /** Those that hold predictions. */
  readonly bins: readonly CalibrationBin[];
}

export interface SpaceCalibration extends Calibration {
  /** Null where there was no item to fit on: the logit is then taken as log-odds. */
  readonly report: CalibrationReport | null;
}

/** `calibration.json`: one map for each space. */
export type Calibrations = Readonly<Partial<Record<Space, SpaceCalibration>>>;

/** The chance that the teacher names the tag of a column, given its logit, in [0, 1]. */
export function probability(calibration: Calibration, logit: number, column: number): number {
  return sigmoid(calibratedLogOdds(calibration, logit, column));
}

/** As {@link probability}, before the logistic curve. */
export function calibratedLogOdds(
  { scale, shift, knots, tagShifts }: Calibration,
  logit: number,
  column: number,
): number {
  const x = logit + (tagShifts[column] ?? 0);
  const last = knots.length - 1;
  if (last < 0) return scale * x + shift;
  const [firstX, firstY] = knots[0]!;
  if (x <= firstX) return firstY + scale * (x - firstX);
  const [lastX, lastY] = knots[last]!;
  if (x >= lastX) return lastY + scale * (x - lastX);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle]![0] <= x) low = middle;
    else high = middle;
  }
  const [x0, y0] = knots[low]!;
  const [x1, y1] = knots[high]!;
  return Math.min(y1, y0 + ((x - x0) / (x1 - x0)) * (y1 - y0));
}

export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
