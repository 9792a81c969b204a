import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../../src/core/hash.js';
import { isThere } from '../../src/core/is-there.js';
import { peerVersion, runPeer } from './run-peer.js';
import { runStudent, studentVersion } from './run-student.js';
import type { SystemRun } from './system-run.js';
import { settingsFor, type System } from './systems.js';
import { CACHE, type WrittenSplit } from './write-split.js';

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
  const path = join(CACHE, 'runs', `${data}-${seed}-${name}-${key}.json`);
  if (!fresh && (await isThere(path))) return JSON.parse(await readFile(path, 'utf8')) as SystemRun;
  onStart();
  const options = { dir: split.dir, settings, seed, threads };
  const run = script === null ? await runStudent(options) : await runPeer(script, options);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, JSON.stringify(run));
  await rename(`${path}.${process.pid}`, path);
  return run;
}
