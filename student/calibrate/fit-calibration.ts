import {
  calibratedLogOdds,
  sigmoid,
  type Calibration,
  type CalibrationBin,
  type CalibrationReport,
} from '../../src/bundle/calibration.js';
import { TagdistillError } from '../../src/core/errors.js';
import { unitHash } from '../../src/core/hash.js';
import { calibrationError, mean, reliabilityBins } from '../../src/metrics/index.js';
import { isotonicKnots } from './isotonic-knots.js';
import { fitPlatt, logLoss } from './platt.js';
import { fitTagShifts, shiftLogits, type Predictions } from './tag-shifts.js';

/** The best tags of held-out items and what the teacher named of them. */
export interface CalibrationItems extends Predictions {
  readonly k: number;
  /** shape [n, k], best first */
  readonly logits: Float32Array;
  /** shape [n, k] */
  readonly columns: Int32Array;
  /** shape [n, k], 1 where the teacher named the tag, else 0 */
  readonly named: Uint8Array;
  /** shape [n]; items with the same key share a fold: their group, or their id */
  readonly foldKeys: readonly string[];
}

const N_FOLDS = 5;
/** With fewer items, folds are too small to judge a stage: the logistic curve alone is fitted. */
const MIN_ITEMS = 50;
const ECE_K = 10;
const N_BINS = 15;
/** Priors of the tags' shifts, the strongest first. */
const PRECISIONS = [64, 16, 4];
export const IDENTITY: Calibration = { scale: 1, shift: 0, knots: [], tagShifts: {} };

/** Improves a map on the predictions that it is fitted on. */
type Stage = (of: Predictions, before: Calibration) => Calibration;

const logistic: Stage = ({ logits, named }) => ({ ...fitPlatt(logits, named), knots: [], tagShifts: {} });
const tagShifts =
  (precision: number): Stage =>
  (of, before) => ({ ...before, tagShifts: fitTagShifts(of, before, precision) });
const isotonic: Stage = (of, before) => ({
  ...before,
  knots: isotonicKnots(shiftLogits(of, before.tagShifts), of.named, before),
});

/** The items outside a fold, on which maps are fitted, and the places of those inside. */
interface Fold {
  readonly others: Predictions;
  readonly places: readonly number[];
}

/**
 * Fit the map from logit to probability of one space, on items that the student was not trained on.
 *
 * A logistic curve; then a shift a tag; then isotonic regression. Each of the last two is kept only if it lowers the
 * log-loss in 5-fold cross-validation over items, by more than one standard error of the difference; folds follow from
 * the items' keys. All figures of the report are cross-validated too.
 *
 * @throws TagdistillError `E_NO_ROWS` without a prediction, `E_BAD_INPUT` for sizes that do not fit or a logit that is
 *   not finite
 */
export function fitCalibration(
  items: CalibrationItems,
): Calibration & { readonly report: CalibrationReport } {
  check(items);
  const folds = splitFolds(items);
  const apply = (stage: Stage, before: readonly Calibration[]): Fit => {
    const maps = folds.map(({ others }, i) => stage(others, before[i]!));
    const logOdds = heldOutLogOdds(items, folds, maps);
    return { maps, logOdds, losses: itemLosses(logOdds, items) };
  };
  let stage = logistic;
  let best = apply(
    logistic,
    folds.map(() => IDENTITY),
  );
  const attempt = (stages: readonly Stage[]): void => {
    const [before, stageBefore] = [best, stage];
    for (const next of stages) {
      const fit = apply(next, before.maps);
      if (!isLower(fit.losses, best.losses)) continue;
      best = fit;
      stage = (of, map) => next(of, stageBefore(of, map));
    }
  };
  if (items.foldKeys.length >= MIN_ITEMS) {
    attempt(PRECISIONS.map(tagShifts));
    attempt([isotonic]);
  }
  const calibration = stage(items, IDENTITY);
  return { ...calibration, report: makeReport(items, calibration, best) };
}

interface Fit {
  /** One a fold. */
  readonly maps: readonly Calibration[];
  /** shape [n, k], each from the map that did not see it */
  readonly logOdds: Float64Array;
  /** shape [n] */
  readonly losses: Float64Array;
}

function makeReport(
  items: CalibrationItems,
  { knots, tagShifts: shifts }: Calibration,
  { logOdds, losses }: Fit,
): CalibrationReport {
  const eceK = Math.min(ECE_K, items.k);
  const after = reliability(logOdds, items, eceK);
  return {
    stages: [
      'logistic',
      ...(Object.keys(shifts).length > 0 ? (['tag shifts'] as const) : []),
      ...(knots.length > 0 ? (['isotonic'] as const) : []),
    ],
    nItems: items.foldKeys.length,
    k: items.k,
    eceK,
    eceBefore: reliability(items.logits, items, eceK).error,
    eceAfter: after.error,
    logLossBefore: mean(itemLosses(items.logits, items)).value,
    logLossAfter: mean(losses).value,
    bins: after.bins,
  };
}

/** Items with one key share a fold. Where all keys hash to one fold, items take turns. */
function splitFolds({ k, logits, columns, named, foldKeys }: CalibrationItems): Fold[] {
  const hashed = foldKeys.map((key) => Math.floor(unitHash(key) * N_FOLDS));
  const foldOf = new Set(hashed).size > 1 ? hashed : hashed.map((_, i) => i % N_FOLDS);
  return Array.from({ length: N_FOLDS }, (_, fold) => {
    const isOther = (_: number, i: number): boolean => foldOf[Math.floor(i / k)] !== fold;
    return {
      others: {
        logits: logits.filter(isOther),
        columns: columns.filter(isOther),
        named: named.filter(isOther),
      },
      places: Array.from(logits.keys()).filter((i) => !isOther(0, i)),
    };
  });
}

function heldOutLogOdds(
  { logits, columns }: CalibrationItems,
  folds: readonly Fold[],
  maps: readonly Calibration[],
): Float64Array {
  const logOdds = new Float64Array(logits.length); // [n, k]
  folds.forEach(({ places }, fold) => {
    for (const i of places) logOdds[i] = calibratedLogOdds(maps[fold]!, logits[i]!, columns[i]!);
  });
  return logOdds;
}

/** Mean log-loss over the predictions of each item; shape [n]. */
function itemLosses(logOdds: ArrayLike<number>, { k, named, foldKeys }: CalibrationItems): Float64Array {
  const losses = new Float64Array(foldKeys.length);
  for (let i = 0; i < named.length; i++) losses[Math.floor(i / k)]! += logLoss(logOdds[i]!, named[i]!) / k;
  return losses;
}

/** Whether losses fall by more than one standard error of the paired difference, so that chance adds no stage. */
function isLower(losses: Float64Array, before: Float64Array): boolean {
  const gains = before.map((loss, i) => loss - losses[i]!);
  const gain = mean(gains).value;
  const squares = gains.reduce((sum, g) => sum + (g - gain) ** 2, 0);
  return gain > Math.sqrt(squares / gains.length / Math.max(1, gains.length - 1));
}

function reliability(
  logOdds: Float32Array | Float64Array,
  { k, named }: CalibrationItems,
  eceK: number,
): { readonly error: number; readonly bins: CalibrationBin[] } {
  const isCounted = (_: number, i: number): boolean => i % k < eceK;
  const probabilities = Float64Array.from(logOdds.filter(isCounted), sigmoid);
  const bins = reliabilityBins(probabilities, named.filter(isCounted), { nBins: N_BINS });
  return {
    error: calibrationError(bins),
    bins: bins.flatMap((bin, i) =>
      bin.n === 0 ? [] : [{ lower: i / N_BINS, upper: (i + 1) / N_BINS, ...bin }],
    ),
  };
}

function check({ k, logits, columns, named, foldKeys }: CalibrationItems): void {
  const wanted = foldKeys.length * k;
  if (wanted === 0) {
    throw new TagdistillError(
      'E_NO_ROWS',
      `${foldKeys.length} items with ${k} tags each leave nothing to calibrate on`,
      {
        hint: 'Hold back items with tags: --validation-share.',
      },
    );
  }
  if (logits.length !== wanted || columns.length !== wanted || named.length !== wanted) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `${logits.length} logits, ${columns.length} columns and ${named.length} marks do not make ${foldKeys.length} items of ${k} tags`,
    );
  }
  const bad = logits.findIndex((logit) => !Number.isFinite(logit));
  if (bad >= 0) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `the logit of tag ${bad % k} of item ${JSON.stringify(foldKeys[Math.floor(bad / k)])} is ${logits[bad]}`,
      { hint: 'Lower the learning rate, so that training stays finite.' },
    );
  }
}
