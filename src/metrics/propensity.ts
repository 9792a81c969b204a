import { TagdistillError } from '../core/errors.js';

/** The two constants of the propensity model. */
export interface PropensityVariant {
  readonly a: number;
  readonly b: number;
}

/** Constants of Jain et al. 2016, fitted on Wikipedia and on Amazon, and what others use by default. */
export const PROPENSITY_VARIANTS = {
  default: { a: 0.55, b: 1.5 },
  wikipedia: { a: 0.5, b: 0.4 },
  amazon: { a: 0.6, b: 2.6 },
} as const satisfies Record<string, PropensityVariant>;

/**
 * Estimate the chance that a true label was also recorded, from how often it occurs in training, in (0, 1].
 *
 * p = 1 / (1 + C (count + b)^-a) with C = (ln n - 1)(b + 1)^a and n training items. Rare labels get
 * a small p, so a hit on one weighs more. A label never seen in training has count 0. For n < e the
 * model's C is negative; it then counts as 0 and p is 1.
 *
 * @param count training items that carry the label
 * @param nItems all training items
 * @throws TagdistillError `E_BAD_INPUT` if a number is negative or not finite, or `b` is 0 with `count` 0
 * @see Jain, Prabhu & Varma 2016, Extreme Multi-label Loss Functions for Recommendation, Tagging,
 *   Ranking & Other Missing Label Applications, equation 3
 */
export function propensity(
  count: number,
  nItems: number,
  { a, b }: PropensityVariant = PROPENSITY_VARIANTS.default,
): number {
  const usable = [count, nItems, a, b].every((x) => Number.isFinite(x) && x >= 0);
  if (!usable || nItems === 0 || count + b === 0) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `No propensity for a label with ${count} uses in ${nItems} items (a = ${a}, b = ${b})`,
      { hint: 'Pass counts from the training part, at least one item, and positive constants.' },
    );
  }
  const c = Math.max(0, Math.log(nItems) - 1) * (b + 1) ** a;
  return 1 / (1 + c * (count + b) ** -a);
}

/**
 * Weigh a label by its inverse propensity.
 *
 * @throws TagdistillError `E_BAD_INPUT` if the propensity lies outside (0, 1]
 */
export function inversePropensity<T>(label: T, propensityOf: (label: T) => number): number {
  const p = propensityOf(label);
  if (p > 0 && p <= 1) return 1 / p;
  throw new TagdistillError('E_BAD_INPUT', `The propensity of ${JSON.stringify(label)} is ${p}`, {
    hint: 'Give every label a propensity in (0, 1], labels never seen in training included.',
  });
}
