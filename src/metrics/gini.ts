import { checkVocabulary } from './check-vocabulary.js';
import type { Exposure } from './exposure.js';

/**
 * Gini index of how often labels are shown: 0 where all are shown alike, near 1 where few take all.
 *
 * `recbole`: Gini@k = Σ_i (2i - n - 1) c_i / (n Σ c), counts c rising, i from 1, labels never shown
 * included as 0. RecBole counts its padding id as an item, so its printed figure is this one at
 * `nLabels + 1`.
 *
 * `corrected`: the same, stretched to [0, 1] between the least and the greatest value that lists of
 * these lengths can reach. A list shows a label only once, so even when all lists are equal the plain
 * index stops at 1 - k / n, and it stays above 0 when the places do not divide evenly among n labels.
 *
 * NaN when nothing was shown; the corrected one also when lists of these lengths leave no choice: a
 * single list, or lists of the whole vocabulary.
 *
 * @param exposure of all lists, made with the same k
 * @param options.nLabels size of the vocabulary
 * @throws TagdistillError `E_BAD_INPUT` if `nLabels` is no positive integer or more labels than that were shown
 * @see `GiniIndex` in RecBole's documentation of its metrics
 * @see Rampisela, Maistro, Ruotsalo & Lioma 2023, Evaluation Measures of Individual Item Fairness for
 *   Recommender Systems: A Critical Study (the correction)
 */
export function gini<T>(
  exposure: Exposure<T>,
  { nLabels, form = 'corrected' }: { readonly nLabels: number; readonly form?: 'recbole' | 'corrected' },
): number {
  checkVocabulary(exposure, nLabels);
  const plain = giniOf([...exposure.counts.values()], nLabels);
  if (form === 'recbole') return plain;
  const greatest = giniOf(exposure.listsLongerThan, nLabels);
  const least = giniOf(evenCounts(exposure.listsLongerThan, nLabels), nLabels);
  // A spread of rounding errors is no spread.
  return greatest - least < 1e-12 ? NaN : Math.min(1, Math.max(0, (plain - least) / (greatest - least)));
}

/** The Gini index of n counts, of which only those above 0 are given, in any order. */
function giniOf(counts: readonly number[], n: number): number {
  const rising = counts.toSorted((a, b) => a - b);
  let weighted = 0;
  let total = 0;
  for (const [i, count] of rising.entries()) {
    weighted += (2 * (n - rising.length + i + 1) - n - 1) * count;
    total += count;
  }
  return weighted / (n * total);
}

function evenCounts(listsLongerThan: readonly number[], nLabels: number): number[] {
  const total = listsLongerThan.reduce((sum, count) => sum + count, 0);
  const each = Math.floor(total / nLabels);
  return Array.from({ length: nLabels }, (_, label) => (label < total % nLabels ? each + 1 : each));
}
