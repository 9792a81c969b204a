import { SPACES, type Space } from '../../src/core/space.js';
import { mean } from '../../src/metrics/mean.js';
import { pairedDifference, type ItemValues, type PairedDifference } from './paired-difference.js';
import {
  BENCH_METRICS,
  PAIRED_METRICS,
  type BenchMetric,
  type PairedMetric,
  type SpaceFigures,
} from './score-run.js';
import type { SystemRun } from './system-run.js';
import type { System } from './systems.js';
import type { BenchSplit } from './data/bench-split.js';

/** One seed of one system. */
export interface ScoredRun {
  readonly seed: number;
  readonly split: BenchSplit;
  readonly run: SystemRun;
  readonly figures: Readonly<Partial<Record<Space, SpaceFigures>>>;
}

/** A system's runs on a data set, or why there are none. */
export type SystemResult =
  | { readonly state: 'done'; readonly system: System; readonly runs: readonly ScoredRun[] }
  | { readonly state: 'skipped'; readonly system: System; readonly reason: string };

/** A system's figures in one space: means over the seeds. */
export interface ComparedSystem {
  readonly name: string;
  readonly means: Readonly<Record<BenchMetric, number>>;
  readonly slices: SpaceFigures['slices'];
  /** To the best rival in that metric; null for that rival itself. */
  readonly differences: Readonly<Record<PairedMetric, PairedDifference | null>>;
}

export interface Cost {
  readonly name: string;
  readonly trainSeconds: number;
  readonly trainCpuSeconds: number;
  readonly predictSeconds: number;
  readonly peakRssBytes: number;
  readonly sizeBytes: number;
  readonly epochSeconds: number | null;
  readonly notes: readonly string[];
}

/** The best rival of a space in a metric: the highest mean over the seeds. */
export type BestPeers = Readonly<Record<PairedMetric, string | null>>;

export interface ComparedSpace {
  readonly best: BestPeers;
  readonly systems: readonly ComparedSystem[];
}

export interface CompareOptions {
  /** Which systems the others are held against; by default the peers. */
  readonly isRival?: (system: System) => boolean;
}

/** Compare systems on one data set, each against the best rival of the metric. */
export function compareSystems(
  results: readonly SystemResult[],
  { isRival = ({ script }) => script !== null }: CompareOptions = {},
): {
  readonly spaces: Readonly<Partial<Record<Space, ComparedSpace>>>;
  readonly costs: readonly Cost[];
} {
  const done = results.filter((result) => result.state === 'done');
  const spaces: Partial<Record<Space, ComparedSpace>> = {};
  for (const space of SPACES) {
    const inSpace = done.filter(({ runs }) => runs.every(({ figures }) => figures[space] !== undefined));
    if (inSpace.length === 0) continue;
    const rivals = inSpace.filter(({ system }) => isRival(system));
    const bestOf = (metric: PairedMetric) =>
      rivals.toSorted((a, b) => meanOf(b.runs, space, metric) - meanOf(a.runs, space, metric))[0];
    spaces[space] = {
      best: forEachMetric((metric) => bestOf(metric)?.system.name ?? null),
      systems: inSpace.map(({ system, runs }) => ({
        name: system.name,
        means: Object.fromEntries(
          BENCH_METRICS.map((metric) => [metric, meanOf(runs, space, metric)]),
        ) as Record<BenchMetric, number>,
        slices: meanSlices(runs, space),
        differences: forEachMetric((metric) => {
          const best = bestOf(metric);
          if (best === undefined || best.system === system) return null;
          return pairedDifference(itemValues(runs, space, metric), itemValues(best.runs, space, metric));
        }),
      })),
    };
  }
  return { spaces, costs: done.map(({ system, runs }) => costOf(system, runs)) };
}

function forEachMetric<T>(of: (metric: PairedMetric) => T): Record<PairedMetric, T> {
  return Object.fromEntries(PAIRED_METRICS.map((metric) => [metric, of(metric)])) as Record<PairedMetric, T>;
}

function meanOf(runs: readonly ScoredRun[], space: Space, metric: BenchMetric): number {
  return mean(runs.map(({ figures }) => figures[space]!.means[metric])).value;
}

function meanSlices(runs: readonly ScoredRun[], space: Space): SpaceFigures['slices'] {
  const names = new Set(runs.flatMap(({ figures }) => Object.keys(figures[space]!.slices)));
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const of = runs.flatMap(({ figures }) => figures[space]!.slices[name] ?? []);
      const average = (key: 'nItems' | 'nDCG@5' | 'nDCG@10'): number =>
        mean(of.map((slice) => slice[key])).value;
      return [
        name,
        { nItems: average('nItems'), 'nDCG@5': average('nDCG@5'), 'nDCG@10': average('nDCG@10') },
      ];
    }),
  );
}

function itemValues(runs: readonly ScoredRun[], space: Space, metric: PairedMetric): ItemValues[] {
  return runs.map(({ split, figures }) => ({
    groups: split.test.map(({ id, group }) => group ?? id),
    values: figures[space]!.perItem[metric],
  }));
}

function costOf({ name }: System, runs: readonly ScoredRun[]): Cost {
  const average = (of: (run: SystemRun) => number): number => mean(runs.map(({ run }) => of(run))).value;
  const epochs = runs.flatMap(({ run }) => run.epochSeconds ?? []);
  return {
    name,
    trainSeconds: average((run) => run.trainSeconds),
    trainCpuSeconds: average((run) => run.trainCpuSeconds),
    predictSeconds: average((run) => run.predictSeconds),
    peakRssBytes: Math.max(...runs.map(({ run }) => run.peakRssBytes)),
    sizeBytes: average((run) => run.sizeBytes),
    epochSeconds: epochs.length === 0 ? null : mean(epochs).value,
    notes: runs[0]?.run.notes ?? [],
  };
}
