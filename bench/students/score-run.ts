import { SPACES, type Space } from '../../src/core/space.js';
import { Mean } from '../../src/metrics/mean.js';
import { ndcg } from '../../src/metrics/ndcg.js';
import { propensity } from '../../src/metrics/propensity.js';
import { PropensityMean } from '../../src/metrics/propensity-mean.js';
import { psPrecision } from '../../src/metrics/propensity-score.js';
import { RankingReport } from '../../src/metrics/ranking-report.js';
import { recall } from '../../src/metrics/recall.js';
import type { BenchItem, BenchSplit } from './data/bench-split.js';
import type { SystemRun } from './system-run.js';

/** Metrics with a value an item, of which differences to the best peer are taken. */
export const PAIRED_METRICS = ['P@1', 'nDCG@5', 'nDCG@10'] as const;
export type PairedMetric = (typeof PAIRED_METRICS)[number];

export const BENCH_METRICS = [...PAIRED_METRICS, 'P@5', 'PSP@5', 'tail recall@10', 'tail nDCG@10'] as const;
export type BenchMetric = (typeof BENCH_METRICS)[number];

const TAIL_BELOW = 5;

/** What is measured of one run in one space. */
export interface SpaceFigures {
  readonly means: Readonly<Record<BenchMetric, number>>;
  readonly slices: Readonly<
    Record<string, { readonly nItems: number; readonly 'nDCG@5': number; readonly 'nDCG@10': number }>
  >;
  /** Shape [test items], NaN where the item has no tag. */
  readonly perItem: Readonly<Record<PairedMetric, Float32Array>>;
}

/** Facts of a split in one space, whatever the system. */
export interface SpaceFacts {
  readonly nTags: number;
  /** Share of the test's tag uses whose tag training used less than five times, but used. */
  readonly tailShare: number;
  /** Share of the test's tag uses whose tag training never used. */
  readonly unseenShare: number;
}

/**
 * Score the rankings of a run by exact tag strings; binary gains, all of an item's tags in the ideal.
 *
 * "tail" takes an item's tags that training used one to four times as its whole truth, and leaves out items
 * without any.
 */
export function scoreRun(run: SystemRun, { train, test }: BenchSplit): Partial<Record<Space, SpaceFigures>> {
  return Object.fromEntries(
    SPACES.flatMap((space) => {
      const rankings = run.rankings[space];
      if (rankings === undefined) return [];
      const uses = countUses(train, space);
      const countOf = (tag: string): number => uses.get(tag) ?? 0;
      const report = new RankingReport<string>({ keep: PAIRED_METRICS });
      const slices = new Map<string, RankingReport<string>>();
      const psp = new PropensityMean();
      const tailRecall = new Mean();
      const tailNdcg = new Mean();
      for (const [i, item] of test.entries()) {
        const ranking = rankings[i]!.map(([tag]) => tag);
        const truth = truthOf(item, space);
        report.add(ranking, truth);
        psp.add(
          psPrecision(ranking, truth, {
            k: 5,
            propensityOf: (tag) => propensity(countOf(tag), train.length),
          }),
        );
        const tail = new Set([...truth].filter((tag) => isTail(countOf(tag))));
        tailRecall.add(recall(ranking, tail, { k: 10 }));
        tailNdcg.add(ndcg(ranking, tail, { k: 10 }));
        if (item.slice === undefined) continue;
        const slice = slices.get(item.slice) ?? new RankingReport<string>();
        slices.set(item.slice, slice);
        slice.add(ranking, truth);
      }
      const { means, perItem } = report.finish();
      const figures: SpaceFigures = {
        means: {
          'P@1': means['P@1'],
          'nDCG@5': means['nDCG@5'],
          'nDCG@10': means['nDCG@10'],
          'P@5': means['P@5'],
          'PSP@5': psp.ratio,
          'tail recall@10': tailRecall.value,
          'tail nDCG@10': tailNdcg.value,
        },
        slices: Object.fromEntries([...slices].sort().map(([name, of]) => [name, sliceFigures(of)])),
        perItem: perItem as Record<PairedMetric, Float32Array>,
      };
      return [[space, figures] as const];
    }),
  );
}

/** Facts about the tags of a split. */
export function spaceFacts({ train, test }: BenchSplit, space: Space): SpaceFacts {
  const uses = countUses(train, space);
  const counts = test.flatMap((item) => [...truthOf(item, space)].map((tag) => uses.get(tag) ?? 0));
  return {
    nTags: uses.size,
    tailShare: counts.filter(isTail).length / counts.length,
    unseenShare: counts.filter((count) => count === 0).length / counts.length,
  };
}

function sliceFigures(report: RankingReport<string>): SpaceFigures['slices'][string] {
  const { means, nItems } = report.finish();
  return { nItems, 'nDCG@5': means['nDCG@5'], 'nDCG@10': means['nDCG@10'] };
}

function isTail(count: number): boolean {
  return count > 0 && count < TAIL_BELOW;
}

/** The tags of an item in one space. */
export function truthOf(item: BenchItem, space: Space): Set<string> {
  return new Set((item[`${space}_tags`] ?? []).map(([tag]) => tag));
}

/** Count the items that have each tag. */
export function countUses(items: readonly BenchItem[], space: Space): Map<string, number> {
  const uses = new Map<string, number>();
  for (const item of items) for (const tag of truthOf(item, space)) uses.set(tag, (uses.get(tag) ?? 0) + 1);
  return uses;
}
