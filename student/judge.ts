import { SPACES, type Space } from '../src/core/space.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import { Mean } from '../src/metrics/mean.js';
import { ndcg } from '../src/metrics/ndcg.js';
import type { Vocabulary } from '../src/tags/vocabulary.js';
import type { TopTags } from './inference-graph.js';
import { truthOf } from './truth.js';

/** How good the best tags of some items are. */
export interface Judgement {
  /** nDCG@5 against the items' own tags, mapped on the vocabulary; those outside it stay in the ideal. */
  readonly ndcg: Readonly<Partial<Record<Space, number>>>;
  /** Mean over the spaces. */
  readonly meanNdcg: number;
}

/** Hold the best tags of items against what the teacher named. */
export function judge(
  items: LabelledItems,
  which: readonly number[],
  vocabularies: Readonly<Partial<Record<Space, Vocabulary>>>,
  top: Readonly<Partial<Record<Space, TopTags>>>,
): Judgement {
  const ndcgOf: Partial<Record<Space, number>> = {};
  for (const space of SPACES) {
    const labels = items.labels[space];
    const vocabulary = vocabularies[space];
    const best = top[space];
    if (labels === undefined || vocabulary === undefined || best === undefined) continue;
    const mean = new Mean();
    which.forEach((item, row) => {
      const truth = truthOf(labels, vocabulary, item);
      const ranking = best.columns.subarray(row * best.k, (row + 1) * best.k);
      mean.add(ndcg([...ranking], truth, { k: 5 }));
    });
    ndcgOf[space] = mean.value;
  }
  const values = Object.values(ndcgOf).filter((value) => !Number.isNaN(value));
  return {
    ndcg: ndcgOf,
    meanNdcg: values.reduce((a, b) => a + b, 0) / Math.max(1, values.length),
  };
}
