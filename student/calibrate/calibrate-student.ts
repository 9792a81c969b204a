import type { Calibrations, SpaceCalibration } from '../../src/bundle/calibration.js';
import { SPACES, type Space } from '../../src/core/space.js';
import type { LabelledItems } from '../../src/dataset/labelled-items.js';
import type { Vocabulary } from '../../src/tags/vocabulary.js';
import type { TopTags } from '../inference-graph.js';
import { truthOf } from '../truth.js';
import { fitCalibration, IDENTITY } from './fit-calibration.js';

/**
 * Fit the maps from logit to probability of all spaces on the best tags of held-out items.
 *
 * Items of one group share a fold. Items without a tag in a space are left out of its map, as metrics leave them out;
 * a space where no item has one takes logits as log-odds.
 *
 * @param which the items' places, in the order of `top`
 * @throws TagdistillError `E_BAD_INPUT` for a logit that is not finite
 */
export function calibrateStudent(
  items: LabelledItems,
  which: readonly number[],
  vocabularies: Readonly<Partial<Record<Space, Vocabulary>>>,
  top: Readonly<Partial<Record<Space, TopTags>>>,
): Calibrations {
  const calibrations: Partial<Record<Space, SpaceCalibration>> = {};
  for (const space of SPACES) {
    const labels = items.labels[space];
    const vocabulary = vocabularies[space];
    const best = top[space];
    if (labels === undefined || vocabulary === undefined || best === undefined) continue;
    const { k } = best;
    const truths = which.map((item) => truthOf(labels, vocabulary, item));
    const kept = truths.flatMap((truth, row) => (truth.size > 0 ? [row] : []));
    if (kept.length === 0) {
      calibrations[space] = { ...IDENTITY, report: null };
      continue;
    }
    const logits = new Float32Array(kept.length * k); // [n, k]
    const columns = new Int32Array(kept.length * k); // [n, k]
    const named = new Uint8Array(kept.length * k); // [n, k]
    kept.forEach((row, place) => {
      logits.set(best.logits.subarray(row * k, (row + 1) * k), place * k);
      const own = best.columns.subarray(row * k, (row + 1) * k);
      columns.set(own, place * k);
      own.forEach((column, i) => (named[place * k + i] = truths[row]!.has(column) ? 1 : 0));
    });
    const foldKeys = kept.map((row) => items.groups[which[row]!] ?? items.ids[which[row]!]!);
    calibrations[space] = fitCalibration({ k, logits, columns, named, foldKeys });
  }
  return calibrations;
}
