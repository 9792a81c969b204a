import type { Space } from '../core/space.js';
import type { Scorer } from '../runtime/scorer.js';

/** How often training showed each tag of a student, by which bands and propensities are reckoned. */
export interface TagFrequencies {
  /** Training items that have the tag; a tag that is missing here counts as never shown. */
  readonly uses: ReadonlyMap<string, number>;
  /** All training items; null where the bundle does not say, and then propensity and novelty are not known. */
  readonly nTraining: number | null;
}

/** Read the training counts that a bundle carries. A refitted student has learnt from the validation items too. */
export function tagFrequencies(scorer: Scorer, space: Space): TagFrequencies {
  const { data, training } = scorer.manifest;
  const n = Number(data['nTraining']) + (training['refit'] === true ? Number(data['nValidation']) : 0);
  return { uses: scorer.uses(space), nTraining: Number.isSafeInteger(n) && n > 0 ? n : null };
}
