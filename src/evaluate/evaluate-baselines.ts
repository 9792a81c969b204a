import { SPACES, type Space } from '../core/space.js';
import { selectRows } from '../core/sparse.js';
import type { LabelledItems } from '../dataset/labelled-items.js';
import type { Split } from '../dataset/rows.js';
import { fitBagEncoder } from '../features/fit-bag-encoder.js';
import { RankingReport, type RankingFigures } from '../metrics/ranking-report.js';
import { neighbourRanker, popularityRanker, type Ranker } from './baselines.js';
import { RANKING_DEPTH } from './evaluate-scorer.js';

/** The figures of each baseline in one space. */
export interface BaselineFigures {
  readonly popularity: RankingFigures;
  /** TF-IDF nearest-neighbour voting. */
  readonly neighbours: RankingFigures;
}

export interface BaselineOptions {
  /** Neighbours that vote. 40 is best for item tags on the books, by cross-validation, and near best for user tags. */
  readonly nNeighbours?: number;
  readonly onItem?: (nDone: number) => void;
}

/**
 * Measure two baselines on the test items: tag popularity, and votes of the TF-IDF nearest texts weighted by
 * similarity and strength. Both learn from the training and validation items, as a refitted student does.
 */
export function evaluateBaselines(
  items: LabelledItems,
  { nNeighbours = 40, onItem }: BaselineOptions = {},
): Partial<Record<Space, BaselineFigures>> {
  const isTest = (split: Split): boolean => split === 'test';
  const places = items.ids.map((_, i) => i);
  const known = places.filter((i) => !isTest(items.splits[i]!));
  const test = places.filter((i) => isTest(items.splits[i]!));
  const texts = known.map((i) => items.texts[i]!);
  const encoder = fitBagEncoder(texts, {
    wordNgrams: 2,
    maxWords: 2048,
    leadWeight: 0,
    minTextsOfNgrams: 1,
    maxFeatures: 1_000_000,
  });
  const figures: Partial<Record<Space, BaselineFigures>> = {};
  let nDone = 0;
  for (const space of SPACES) {
    const labels = items.labels[space];
    if (labels === undefined) continue;
    const rows = selectRows(labels.rows, known);
    const measure = (ranker: Ranker): RankingFigures => {
      const report = new RankingReport<number>({ keep: ['nDCG@5'] });
      const { offsets, indices } = labels.rows;
      for (const i of test) {
        const truth = new Set(indices.subarray(offsets[i], offsets[i + 1]));
        report.add(ranker.rank(items.texts[i]!, RANKING_DEPTH), truth);
        onItem?.(++nDone);
      }
      return report.finish();
    };
    figures[space] = {
      popularity: measure(popularityRanker(rows)),
      neighbours: measure(neighbourRanker(encoder, texts, rows, { nNeighbours })),
    };
  }
  return figures;
}
