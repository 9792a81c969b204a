import { SPACES, type Space } from '../../src/core/space.js';
import { messageOf } from '../../src/core/errors.js';
import { ABLATIONS, repeatsDefault } from './ablations.js';
import { cachedRun } from './cached-run.js';
import {
  compareSystems,
  type CompareOptions,
  type ComparedSpace,
  type Cost,
  type ScoredRun,
  type SystemResult,
} from './compare-systems.js';
import type { DataSource } from './data/bench-split.js';
import { countUses, scoreRun, spaceFacts, type SpaceFacts } from './score-run.js';
import type { System } from './systems.js';
import { writeSplit, type WrittenSplit } from './write-split.js';

/** All that is reported of one data set. */
export interface DataReport {
  readonly name: string;
  readonly about: string;
  readonly seeds: readonly number[];
  readonly splits: readonly {
    readonly seed: number;
    readonly hash: string;
    readonly nTrain: number;
    readonly nTest: number;
    readonly facts: Readonly<Partial<Record<Space, SpaceFacts>>>;
  }[];
  readonly spaces: Readonly<Partial<Record<Space, ComparedSpace>>>;
  readonly costs: readonly Cost[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export interface DataReportOptions extends CompareOptions {
  readonly systems: readonly System[];
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly fresh: boolean;
  readonly log: (line: string) => void;
}

/**
 * Run every system on every seed's split of a data set, or take the runs from the cache, and compare them.
 *
 * @returns null where the data is not on this machine
 */
export async function reportData(source: DataSource, options: DataReportOptions): Promise<DataReport | null> {
  const { name, about } = source;
  const { systems, seeds, log } = options;
  const splits: WrittenSplit[] = [];
  for (const seed of seeds) {
    const split = await source.split(seed);
    if (split === null) return null;
    splits.push(await writeSplit(`${name}-${seed}`, split));
  }
  const results: SystemResult[] = [];
  for (const system of systems) {
    const result = await runSystem(system, name, splits, options);
    if (result.state === 'skipped') log(`${name}: ${system.name} not run: ${result.reason}`);
    results.push(result);
  }
  return {
    name,
    about,
    seeds,
    splits: splits.map((split, i) => ({
      seed: seeds[i]!,
      hash: split.hash,
      nTrain: split.train.length,
      nTest: split.test.length,
      facts: Object.fromEntries(
        SPACES.map((space) => [space, spaceFacts(split, space)] as const).filter(
          ([, { nTags }]) => nTags > 0,
        ),
      ),
    })),
    ...compareSystems(results, options),
    skipped: results.flatMap((result) =>
      result.state === 'skipped' ? [{ name: result.system.name, reason: result.reason }] : [],
    ),
  };
}

async function runSystem(
  system: System,
  data: string,
  splits: readonly WrittenSplit[],
  { seeds, threads, fresh, log }: DataReportOptions,
): Promise<SystemResult> {
  const reason = system.skips?.[data] ?? sameAsDefault(system, splits[0]!);
  if (reason !== undefined) return { state: 'skipped', system, reason };
  const runs: ScoredRun[] = [];
  for (const [i, split] of splits.entries()) {
    const seed = seeds[i]!;
    const onStart = (): void => log(`${data}, seed ${seed}: ${system.name} runs`);
    try {
      const run = await cachedRun(system, split, { data, seed, threads, fresh, onStart });
      runs.push({ seed, split, run, figures: scoreRun(run, split) });
    } catch (error) {
      return { state: 'skipped', system, reason: errorLine(messageOf(error)) };
    }
  }
  return { state: 'done', system, runs };
}

function sameAsDefault({ name }: System, { train }: WrittenSplit): string | undefined {
  const ablation = ABLATIONS.find((one) => one.name === name);
  if (ablation === undefined) return undefined;
  const uses = SPACES.flatMap((space) => [...countUses(train, space).values()]);
  const nUses = uses.reduce((sum, count) => sum + count, 0);
  const facts = { nTraining: train.length, nTags: uses.length, nUses };
  return repeatsDefault(ablation, facts)
    ? 'it is what the student chooses for this data by itself'
    : undefined;
}

/** Of what a failed script printed, the line that names the error, else the last one. */
function errorLine(message: string): string {
  const lines = message.trim().split('\n');
  return lines.findLast((line) => /^\S*Error\b/.test(line)) ?? lines.at(-1)!;
}
