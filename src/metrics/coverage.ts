import { checkVocabulary } from './check-vocabulary.js';
import type { Exposure } from './exposure.js';

/**
 * Coverage@k: the share of all labels that stand in the top k of at least one list, in [0, 1].
 *
 * RecBole counts its padding id as an item, so its printed figure is this one at `nLabels + 1`.
 *
 * @param exposure of all lists, made with the same k
 * @param options.nLabels size of the vocabulary
 * @throws TagdistillError `E_BAD_INPUT` if `nLabels` is no positive integer or more labels than that were shown
 * @see Herlocker et al. 2004, section 4.3; Ge, Delgado-Battenfeld & Jannach 2010; `ItemCoverage` of RecBole
 */
export function coverage<T>(exposure: Exposure<T>, { nLabels }: { readonly nLabels: number }): number {
  checkVocabulary(exposure, nLabels);
  return exposure.counts.size / nLabels;
}
