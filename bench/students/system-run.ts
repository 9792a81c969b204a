import type { Space } from '../../src/core/space.js';

/** Best tags of a test item with their scores, best first. */
export type BenchRanking = readonly (readonly [tag: string, score: number])[];

/** What a system gave for one split and seed; the form of the peers' output files. */
export interface SystemRun {
  /** One ranking a test item, in file order, in each space that training has. */
  readonly rankings: Readonly<Partial<Record<Space, readonly BenchRanking[]>>>;
  readonly trainSeconds: number;
  /** Of all threads: unlike the clock's, these hardly change when the machine has other work. */
  readonly trainCpuSeconds: number;
  readonly predictSeconds: number;
  readonly peakRssBytes: number;
  /** Model on disk. */
  readonly sizeBytes: number;
  readonly notes: readonly string[];
  /** Seconds an epoch, where the system says so. */
  readonly epochSeconds?: number;
}

/** Settings of a run: they stand in the results and in the name of the cached file. */
export type Settings = Readonly<Record<string, unknown>>;
