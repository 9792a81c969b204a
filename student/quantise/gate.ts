import { TagdistillError } from '../../src/core/errors.js';
import type { Space } from '../../src/core/space.js';
import { mean } from '../../src/metrics/index.js';
import {
  GATED_FIGURES,
  itemFigures,
  type GatedFigure,
  type HeldOutTruth,
  type RankedItems,
} from './item-figures.js';

/** What int8 costs in one figure, over the same items. */
export interface QuantisationLoss {
  readonly figure: GatedFigure;
  /** Items that have the figure. */
  readonly nItems: number;
  readonly float32: number;
  readonly int8: number;
  /** What int8 loses, in points (hundredths); negative where it gains. */
  readonly loss: number;
  /** 95 % interval of the loss, in points. */
  readonly low: number;
  readonly high: number;
}

const Z_95 = 1.96;

/**
 * Compare the float32 and the int8 form of a student on the same held-out items of one space.
 *
 * Figures that no item has are left out. The interval is the normal one of the items' paired differences; over a single
 * item it is without bounds.
 *
 * @throws TagdistillError `E_BAD_INPUT` if one side has not as many items as there are truths
 */
export function quantisationLosses(
  float32: RankedItems,
  int8: RankedItems,
  truth: HeldOutTruth,
): QuantisationLoss[] {
  for (const [name, { k, columns, logits }] of Object.entries({ float32, int8 })) {
    const wanted = truth.truths.length * k;
    if (columns.length === wanted && logits.length === wanted) continue;
    throw new TagdistillError(
      'E_BAD_INPUT',
      `${name} has ${columns.length} tags and ${logits.length} logits, ${truth.truths.length} items of ${k} want ${wanted}`,
    );
  }
  const before = itemFigures(float32, truth);
  const after = itemFigures(int8, truth);
  return GATED_FIGURES.flatMap((figure) => {
    const a = mean(before[figure]);
    const b = mean(after[figure]);
    if (a.n === 0) return [];
    const sign = figure === 'ECE@10' ? -1 : 1;
    const losses = before[figure].map((value, i) => 100 * sign * (value - after[figure][i]!));
    const { low, high } = normalInterval(losses);
    return [{ figure, nItems: a.n, float32: a.value, int8: b.value, loss: mean(losses).value, low, high }];
  });
}

/**
 * Refuse an int8 student that loses more than `maxLoss` points in any figure.
 *
 * The loss counts only where its interval lies above 0: among few items, one that changes its place may weigh more than
 * the limit. So a small held-out set lets small losses pass, and still stops a large one.
 *
 * @param options.maxLoss in points (hundredths)
 * @throws TagdistillError `E_QUALITY_GATE` with the figures, `E_BAD_OPTION` for a limit that is negative or no number
 */
export function gateQuantisation(
  losses: readonly QuantisationLoss[],
  { space, maxLoss = 0.5 }: { readonly space: Space; readonly maxLoss?: number },
): void {
  if (!(maxLoss >= 0)) {
    throw new TagdistillError('E_BAD_OPTION', `the largest loss of quality is ${maxLoss} points`, {
      hint: 'Choose a number from 0, e.g. 0.5.',
    });
  }
  const failed = losses.filter(({ loss, low }) => loss > maxLoss && low > 0);
  if (failed.length === 0) return;
  const named = failed.map(
    ({ figure, loss, low, high, float32, int8, nItems }) =>
      `${figure} of ${space} tags ${loss.toFixed(2)} points (${float32.toFixed(4)} to ${int8.toFixed(4)}; 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}; ${nItems} items)`,
  );
  throw new TagdistillError('E_QUALITY_GATE', `int8 loses more than ${maxLoss} points: ${named.join(', ')}`, {
    hint: 'Export float32 with --float32, or allow more with --max-quality-loss <points>.',
  });
}

function normalInterval(values: Float64Array): { readonly low: number; readonly high: number } {
  const { value, n } = mean(values);
  if (n < 2) return { low: -Infinity, high: Infinity };
  let squares = 0;
  for (const x of values) if (!Number.isNaN(x)) squares += (x - value) ** 2;
  const margin = Z_95 * Math.sqrt(squares / (n - 1) / n);
  return { low: value - margin, high: value + margin };
}
