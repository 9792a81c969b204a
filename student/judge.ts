import type { Calibration } from '../src/bundle/calibration.js';
import { SPACES, type Space } from '../src/core/space.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import { Mean } from '../src/metrics/mean.js';
import { ndcg } from '../src/metrics/ndcg.js';
import type { Vocabulary } from '../src/tags/vocabulary.js';
import { fitPlatt } from './calibrate.js';
import type { TopTags } from './inference-graph.js';

/** How good the best tags of some items are, and how their logits turn into probabilities. */
export interface Judgement {
  /** nDCG@5 against the items' own tags, mapped on the vocabulary; those outside it stay in the ideal. */
  readonly ndcg: Readonly<Partial<Record<Space, number>>>;
  /** Mean over the spaces. */
  readonly meanNdcg: number;
  readonly calibrations: Readonly<Partial<Record<Space, Calibration>>>;
}

/** Hold the best tags of items against what the teacher named, and fit the calibration on the same. */
export function judge(
  items: LabelledItems,
  which: readonly number[],
  vocabularies: Readonly<Partial<Record<Space, Vocabulary>>>,
  top: Readonly<Partial<Record<Space, TopTags>>>,
): Judgement {
  const ndcgOf: Partial<Record<Space, number>> = {};
  const calibrations: Partial<Record<Space, Calibration>> = {};
  for (const space of SPACES) {
    const labels = items.labels[space];
    const vocabulary = vocabularies[space];
    const best = top[space];
    if (labels === undefined || vocabulary === undefined || best === undefined) continue;
    const { rows } = labels;
    const mean = new Mean();
    const named = new Uint8Array(best.columns.length); // [n, k]
    which.forEach((item, row) => {
      const truth = new Set<number>();
      for (let i = rows.offsets[item]!; i < rows.offsets[item + 1]!; i++) {
        const raw = rows.indices[i]!;
        // A tag outside the vocabulary is a label that no column can meet: give it a number of its own.
        truth.add(vocabulary.columnOf[raw]! >= 0 ? vocabulary.columnOf[raw]! : -1 - raw);
      }
      const ranking = best.columns.subarray(row * best.k, (row + 1) * best.k);
      ranking.forEach((column, i) => (named[row * best.k + i] = truth.has(column) ? 1 : 0));
      mean.add(ndcg([...ranking], truth, { k: 5 }));
    });
    ndcgOf[space] = mean.value;
    calibrations[space] = fitPlatt(best.logits, named);
  }
  const values = Object.values(ndcgOf).filter((value) => !Number.isNaN(value));
  return {
    ndcg: ndcgOf,
    meanNdcg: values.reduce((a, b) => a + b, 0) / Math.max(1, values.length),
    calibrations,
  };
}
