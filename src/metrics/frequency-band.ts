import { TagdistillError } from '../core/errors.js';
import type { Truth } from './truth.js';

export type FrequencyBand = 'head' | 'torso' | 'tail' | 'unseen';

/** From the most frequent to those that training never showed. */
export const FREQUENCY_BANDS: readonly FrequencyBand[] = ['head', 'torso', 'tail', 'unseen'];

/**
 * Name the band of a label by how many training items carry it.
 *
 * head: at least `headFrom`; torso: at least `torsoFrom`; tail: at least 1; unseen: 0. Bounds are
 * counts, not shares of the uses, so that a band means the same in two data sets.
 *
 * @throws TagdistillError `E_BAD_OPTION` unless 1 < torsoFrom < headFrom
 */
export function frequencyBand(
  count: number,
  { headFrom = 20, torsoFrom = 3 }: { readonly headFrom?: number; readonly torsoFrom?: number } = {},
): FrequencyBand {
  if (!(torsoFrom > 1 && headFrom > torsoFrom)) {
    throw new TagdistillError(
      'E_BAD_OPTION',
      `The torso begins at ${torsoFrom} uses, the head at ${headFrom}`,
      { hint: 'Choose 1 < torsoFrom < headFrom.' },
    );
  }
  if (count >= headFrom) return 'head';
  if (count >= torsoFrom) return 'torso';
  return count >= 1 ? 'tail' : 'unseen';
}

/**
 * Keep only some labels on both sides, e.g. those of one frequency band, before taking any metric.
 *
 * The ranking closes up: nDCG of the restricted pair asks whether the band's labels are in order
 * among themselves. To ask whether they surface at all, restrict only the truth and pass the whole ranking.
 */
export function restrict<T>(
  ranking: readonly T[],
  truth: Truth<T>,
  { keep }: { readonly keep: (label: T) => boolean },
): { readonly ranking: T[]; readonly truth: Truth<T> } {
  return { ranking: ranking.filter(keep), truth: restrictTruth(truth, { keep }) };
}

/** Keep only some labels of an item, with their gains. */
export function restrictTruth<T>(
  truth: Truth<T>,
  { keep }: { readonly keep: (label: T) => boolean },
): Truth<T> {
  if ('get' in truth) return new Map([...truth].filter(([label]) => keep(label)));
  return new Set([...truth].filter(keep));
}
