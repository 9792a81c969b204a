import { sigmoid, type Calibration } from '../../src/bundle/calibration.js';
import type { Curve } from './platt.js';

const NEWTON_STEPS = 20;
/** Tags seen less often get no shift. */
const MIN_PREDICTIONS = 5;
/** Below this slope, logits say next to nothing, and a shift of them would say it loudly. */
const MIN_SCALE = 1e-3;

/** Predictions of the best tags of some items. */
export interface Predictions {
  /** shape [n] */
  readonly logits: Float32Array;
  /** shape [n], the tags' columns */
  readonly columns: Int32Array;
  /** shape [n], 1 where the teacher named the tag, else 0 */
  readonly named: Uint8Array;
}

/**
 * Fit how much each tag's logit should gain before a logistic curve, shrunk to 0 by a normal prior on the log-odds.
 *
 * A tag with information I (the sum of p (1 - p) over its predictions) keeps about I / (I + precision) of the shift
 * that would fit it best: tags seen seldom move little, and a tag that was always named stays finite.
 *
 * @param precision of the prior, one over its variance; larger shrinks more
 */
export function fitTagShifts(
  { logits, columns, named }: Predictions,
  { scale, shift }: Curve,
  precision: number,
): Calibration['tagShifts'] {
  const shifts: Record<number, number> = {};
  if (scale < MIN_SCALE) return shifts;
  const placesOf = new Map<number, number[]>();
  columns.forEach((column, i) => {
    const places = placesOf.get(column);
    if (places === undefined) placesOf.set(column, [i]);
    else places.push(i);
  });
  for (const [column, places] of placesOf) {
    if (places.length < MIN_PREDICTIONS) continue;
    const logOdds = places.map((i) => scale * logits[i]! + shift);
    const marks = places.map((i) => named[i]!);
    // Thousandths: nobody could tell finer shifts apart, and the file stays small.
    const rounded = Math.round((shrunkShift(logOdds, marks, precision) / scale) * 1e3) / 1e3;
    if (rounded !== 0) shifts[column] = rounded;
  }
  return shifts;
}

/** Newton's method; the loss is strictly convex, and a step is cut to 1 so that far starts do not overshoot. */
function shrunkShift(logOdds: readonly number[], named: readonly number[], precision: number): number {
  let shift = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    let gradient = precision * shift;
    let curvature = precision;
    logOdds.forEach((z, i) => {
      const p = sigmoid(z + shift);
      gradient += p - named[i]!;
      curvature += p * (1 - p);
    });
    const move = gradient / curvature;
    shift -= Math.max(-1, Math.min(1, move));
    if (Math.abs(move) < 1e-6) break;
  }
  return shift;
}

/** Add the tags' shifts to their logits; shape [n]. */
export function shiftLogits(
  { logits, columns }: Predictions,
  tagShifts: Calibration['tagShifts'],
): Float64Array {
  return Float64Array.from(logits, (logit, i) => logit + (tagShifts[columns[i]!] ?? 0));
}
