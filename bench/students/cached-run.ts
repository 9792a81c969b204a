import { sha256 } from '../../src/core/hash.js';
import { cachedJson } from './cached-json.js';
import { peerVersion, runPeer } from './run-peer.js';
import { runStudent, studentVersion } from './run-student.js';
import type { SystemRun } from './system-run.js';
import { settingsFor, type System } from './systems.js';
import type { WrittenSplit } from './write-split.js';

export interface CachedRunOptions {
  /** Name of the data set. */
  readonly data: string;
  readonly seed: number;
  readonly threads: number;
  /** Run even where the result is there. */
  readonly fresh: boolean;
  readonly onStart: () => void;
}

/** Give a run from the cache, or make it; a run is known by system, settings, code, data, seed and threads. */
export async function cachedRun(
  system: System,
  split: WrittenSplit,
  { data, seed, threads, fresh, onStart }: CachedRunOptions,
): Promise<SystemRun> {
  const { name, script } = system;
  const settings = settingsFor(system, data);
  const version = script === null ? await studentVersion() : await peerVersion(script);
  const key = sha256(JSON.stringify([settings, version, split.hash, seed, threads])).slice(0, 12);
  const make = (): Promise<SystemRun> => {
    onStart();
    const options = { dir: split.dir, settings, seed, threads };
    return script === null ? runStudent(options) : runPeer(script, options);
  };
  return cachedJson(`${data}-${seed}-${name}-${key}`, make, { fresh });
}
