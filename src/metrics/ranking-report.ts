import { GrowingValues } from './growing-values.js';
import { Mean } from './mean.js';
import { ndcg } from './ndcg.js';
import { precision } from './precision.js';
import { recall } from './recall.js';
import { reciprocalRank } from './reciprocal-rank.js';
import type { Truth } from './truth.js';

/** The figures of every ranking report, in the order in which tables show them. */
export const RANKING_METRICS = [
  'P@1',
  'P@3',
  'P@5',
  'nDCG@1',
  'nDCG@3',
  'nDCG@5',
  'nDCG@10',
  'Recall@10',
  'MRR',
] as const;

export type RankingMetric = (typeof RANKING_METRICS)[number];

/** Means over items, as {@link RankingReport.finish} gives them. */
export interface RankingFigures {
  /** NaN when no item has labels. */
  readonly means: Readonly<Record<RankingMetric, number>>;
  /** Items with labels: each mean is over these. */
  readonly nItems: number;
  readonly nWithoutLabels: number;
  /** Length of the longest ranking: `MRR` is MRR@depth. */
  readonly depth: number;
  /**
   * Values of the metrics that were kept, shape [items added], in the order of adding; NaN where the
   * item has no labels, so that the arrays of two students on the same items stay paired.
   */
  readonly perItem: Readonly<Partial<Record<RankingMetric, Float32Array>>>;
}

/**
 * Adds up ranking metrics over items, one at a time, in memory that does not grow with them
 * (but for 4 bytes an item and kept metric).
 */
export class RankingReport<T> {
  private readonly sums: ReadonlyMap<RankingMetric, Mean>;
  private readonly kept: ReadonlyMap<RankingMetric, GrowingValues>;
  private nItems = 0;
  private nWithoutLabels = 0;
  private depth = 0;

  /** @param options.keep metrics whose per-item values are kept, for intervals and tests */
  constructor({ keep = [] }: { readonly keep?: readonly RankingMetric[] } = {}) {
    this.sums = new Map(RANKING_METRICS.map((name) => [name, new Mean()]));
    this.kept = new Map(keep.map((name) => [name, new GrowingValues()]));
  }

  /**
   * Count one item.
   *
   * An item without labels, or with a map none of whose gains is positive, is left out of every mean.
   *
   * @param ranking predicted labels, best first
   * @param truth all labels of the item, those outside the vocabulary included; a map makes nDCG graded
   * @throws TagdistillError `E_BAD_INPUT` if a gain is NaN or infinite; the item is then not counted
   */
  add(ranking: readonly T[], truth: Truth<T>): void {
    const values: Readonly<Record<RankingMetric, number>> = {
      'P@1': precision(ranking, truth, { k: 1 }),
      'P@3': precision(ranking, truth, { k: 3 }),
      'P@5': precision(ranking, truth, { k: 5 }),
      'nDCG@1': ndcg(ranking, truth, { k: 1 }),
      'nDCG@3': ndcg(ranking, truth, { k: 3 }),
      'nDCG@5': ndcg(ranking, truth, { k: 5 }),
      'nDCG@10': ndcg(ranking, truth, { k: 10 }),
      'Recall@10': recall(ranking, truth, { k: 10 }),
      MRR: reciprocalRank(ranking, truth),
    };
    const counts = !Number.isNaN(values['nDCG@1']);
    if (counts) {
      this.nItems++;
      this.depth = Math.max(this.depth, ranking.length);
    } else {
      this.nWithoutLabels++;
    }
    for (const [name, sum] of this.sums) sum.add(counts ? values[name] : NaN);
    for (const [name, kept] of this.kept) kept.push(counts ? values[name] : NaN);
  }

  /** Read the figures of the items so far; more may be added afterwards. */
  finish(): RankingFigures {
    const means = Object.fromEntries([...this.sums].map(([name, sum]) => [name, sum.value]));
    return {
      means: means as Record<RankingMetric, number>,
      nItems: this.nItems,
      nWithoutLabels: this.nWithoutLabels,
      depth: this.depth,
      perItem: Object.fromEntries([...this.kept].map(([name, kept]) => [name, kept.toArray()])),
    };
  }
}
