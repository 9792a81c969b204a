import { seededRandom } from '../core/random.js';
import { SPACES, type Space } from '../core/space.js';
import type { Interval } from '../metrics/bootstrap.js';
import { pairedDifferences } from '../metrics/paired-differences.js';
import { randomisationTest } from '../metrics/randomisation.js';
import { RANKING_METRICS, type RankingMetric } from '../metrics/ranking-report.js';
import type { EvaluateReport } from './evaluate-bundle.js';
import { meanInterval } from './mean-interval.js';

/** Metrics whose differences are tested: few, so that a small p means something. */
export const TESTED_METRICS = ['P@1', 'nDCG@5', 'nDCG@10'] as const satisfies readonly RankingMetric[];

/** How far a bundle is from the first one on the same items. */
export interface Difference extends Interval {
  /** Two-sided, by a randomisation test. */
  readonly p: number;
}

/** One bundle's figure with its 95 % interval. */
export interface Comparison {
  readonly interval: Interval;
  /** Null for the first bundle, and for metrics that are not tested. */
  readonly difference: Difference | null;
}

export type SpaceComparison = Readonly<Record<RankingMetric, Comparison>>;

/** By bundle (in the order given) and space. */
export type Comparisons = readonly Readonly<Partial<Record<Space, SpaceComparison>>>[];

/**
 * Give 95 % intervals over items and, for each bundle after the first, the paired difference to the first with its
 * interval and a randomisation test.
 *
 * @param seed fixes resamples and flips
 */
export function compareEvaluations(reports: readonly EvaluateReport[], { seed = 1 } = {}): Comparisons {
  return reports.map((report, place) => {
    const bySpace: Partial<Record<Space, SpaceComparison>> = {};
    for (const space of SPACES) {
      const own = report.spaces[space]?.perItem;
      if (own === undefined) continue;
      const reference = place === 0 ? undefined : reports[0]!.spaces[space]?.perItem;
      const entries = RANKING_METRICS.map((metric): [RankingMetric, Comparison] => {
        const values = own[metric]!;
        const others = isTested(metric) ? reference?.[metric] : undefined;
        const difference = others === undefined ? null : differenceOf(values, others, seed);
        return [metric, { interval: meanInterval(values, seed), difference }];
      });
      bySpace[space] = Object.fromEntries(entries) as Record<RankingMetric, Comparison>;
    }
    return bySpace;
  });
}

function differenceOf(values: Float32Array, reference: Float32Array, seed: number): Difference {
  const { p } = randomisationTest(values, reference, { random: seededRandom(seed) });
  return { ...meanInterval(pairedDifferences(values, reference), seed), p };
}

function isTested(metric: RankingMetric): boolean {
  return (TESTED_METRICS as readonly RankingMetric[]).includes(metric);
}
