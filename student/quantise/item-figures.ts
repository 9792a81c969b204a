import { probability, type Calibration } from '../../src/bundle/calibration.js';
import { ndcg, precision, recall, restrictTruth } from '../../src/metrics/index.js';
import type { TopTags } from '../inference-graph.js';

/** What is compared, in this order. ECE is better when smaller, the others when larger. */
export const GATED_FIGURES = ['P@1', 'P@5', 'nDCG@5', 'nDCG@10', 'ECE@10', 'tail recall@10'] as const;
export type GatedFigure = (typeof GATED_FIGURES)[number];

/** The best tags of held-out items by one form of a student, with the map that was fitted on them. */
export interface RankedItems extends TopTags {
  readonly calibration: Calibration;
}

export interface HeldOutTruth {
  /** shape [n]: what the teacher named, as columns; negative numbers for tags that no column can meet */
  readonly truths: readonly ReadonlySet<number>[];
  /** By column, the training items that have the tag. */
  readonly uses: ArrayLike<number>;
}

const ECE_K = 10;
const N_BINS = 15;
/** Tags with fewer training uses are the tail. */
const TAIL_BELOW = 5;

/**
 * Take all gated figures of each item; their means are the figures of the list. NaN where an item has none: no tag,
 * or for the tail no tag of the tail.
 *
 * @returns shape [n] a figure
 */
export function itemFigures(
  ranked: RankedItems,
  { truths, uses }: HeldOutTruth,
): Record<GatedFigure, Float64Array> {
  const { k, columns } = ranked;
  const isTail = (column: number): boolean => column >= 0 && uses[column]! < TAIL_BELOW;
  const rankings = truths.map((_, row) => [...columns.subarray(row * k, (row + 1) * k)]);
  const each = (of: (ranking: number[], truth: ReadonlySet<number>) => number): Float64Array =>
    Float64Array.from(truths, (truth, row) => of(rankings[row]!, truth));
  return {
    'P@1': each((ranking, truth) => precision(ranking, truth, { k: 1 })),
    'P@5': each((ranking, truth) => precision(ranking, truth, { k: 5 })),
    'nDCG@5': each((ranking, truth) => ndcg(ranking, truth, { k: 5 })),
    'nDCG@10': each((ranking, truth) => ndcg(ranking, truth, { k: 10 })),
    'ECE@10': calibrationErrors(ranked, truths),
    'tail recall@10': each((ranking, truth) =>
      recall(ranking, restrictTruth(truth, { keep: isTail }), { k: 10 }),
    ),
  };
}

/**
 * Spread ECE@10 over items, so that it has an interval like any mean: a prediction counts its distance from the
 * outcome, positive in bins that promise too much and negative in the others. The mean over items is ECE@10.
 */
function calibrationErrors(
  { k, logits, columns, calibration }: RankedItems,
  truths: readonly ReadonlySet<number>[],
): Float64Array {
  const nCounted = Math.min(ECE_K, k);
  const places = (row: number): number[] => Array.from({ length: nCounted }, (_, i) => row * k + i);
  const chance = (i: number): number => probability(calibration, logits[i]!, columns[i]!);
  const binOf = (p: number): number => Math.min(N_BINS - 1, Math.floor(p * N_BINS));
  const excess = new Float64Array(N_BINS); // probability promised less tags named
  truths.forEach((truth, row) => {
    if (truth.size === 0) return;
    for (const i of places(row)) {
      const p = chance(i);
      excess[binOf(p)]! += p - (truth.has(columns[i]!) ? 1 : 0);
    }
  });
  return Float64Array.from(truths, (truth, row) => {
    if (truth.size === 0) return NaN;
    let sum = 0;
    for (const i of places(row)) {
      const p = chance(i);
      sum += Math.sign(excess[binOf(p)]!) * (p - (truth.has(columns[i]!) ? 1 : 0));
    }
    return sum / nCounted;
  });
}
