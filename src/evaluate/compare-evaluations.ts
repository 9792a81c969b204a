import { seededRandom } from '../core/random.js';
import { SPACES, type Space } from '../core/space.js';
import { bootstrapDifference, bootstrapMean, type Interval } from '../metrics/bootstrap.js';
import { randomisationTest } from '../metrics/randomisation.js';
import type { EvaluateReport } from './evaluate-bundle.js';

/** Metrics that get intervals. */
export const INTERVAL_METRICS = ['P@1', 'nDCG@5', 'nDCG@10'] as const;
export type IntervalMetric = (typeof INTERVAL_METRICS)[number];

/** One bundle's figure, and how far it is from the first bundle's on the same items. */
export interface Comparison {
  readonly interval: Interval;
  /** Null for the first bundle. */
  readonly difference: (Interval & { readonly p: number }) | null;
}

/** Intervals by bundle (in the order given), space and metric. */
export type Comparisons = readonly Readonly<
  Partial<Record<Space, Readonly<Record<IntervalMetric, Comparison>>>>
>[];

/**
 * Give 95 % intervals (bootstrap over items) and, for each bundle after the first, the paired difference to the first
 * with its interval and a randomisation test.
 *
 * @param seed fixes resamples and flips
 */
export function compareEvaluations(reports: readonly EvaluateReport[], { seed = 1 } = {}): Comparisons {
  return reports.map((report) => {
    const bySpace: Partial<Record<Space, Record<IntervalMetric, Comparison>>> = {};
    for (const space of SPACES) {
      const own = report.spaces[space]?.perItem;
      const first = reports[0]!.spaces[space]?.perItem;
      if (own === undefined) continue;
      const entries = INTERVAL_METRICS.map((metric): [IntervalMetric, Comparison] => {
        const values = own[metric]!;
        const reference = report === reports[0] ? undefined : first?.[metric];
        const interval = bootstrapMean(values, { random: seededRandom(seed) });
        if (reference === undefined) return [metric, { interval, difference: null }];
        const difference = bootstrapDifference(values, reference, { random: seededRandom(seed) });
        const { p } = randomisationTest(values, reference, { random: seededRandom(seed) });
        return [metric, { interval, difference: { ...difference, p } }];
      });
      bySpace[space] = Object.fromEntries(entries) as Record<IntervalMetric, Comparison>;
    }
    return bySpace;
  });
}
