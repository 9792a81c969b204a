import { TagdistillError } from '../core/errors.js';
import type { Exposure } from './exposure.js';

/** @throws TagdistillError `E_BAD_INPUT` if `nLabels` is no positive integer or more labels than that were shown */
export function checkVocabulary<T>(exposure: Exposure<T>, nLabels: number): void {
  if (Number.isSafeInteger(nLabels) && nLabels > 0 && exposure.counts.size <= nLabels) return;
  throw new TagdistillError(
    'E_BAD_INPUT',
    `${exposure.counts.size} labels were shown of a vocabulary of ${nLabels}`,
    { hint: 'Pass the size of the whole vocabulary as nLabels.' },
  );
}
