import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256, sha256File } from '../../src/core/hash.js';
import { packagePath } from '../../src/core/package-info.js';
import type { Settings, SystemRun } from './system-run.js';

export interface StudentRunOptions {
  readonly dir: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly threads: number;
}

/** Train this project's student on a split and score the test part, in a process of its own for its peak memory. */
export async function runStudent({ dir, settings, seed, threads }: StudentRunOptions): Promise<SystemRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'tagdistill-bench-'));
  try {
    const script = join(import.meta.dirname, 'student-process.ts');
    const task = JSON.stringify({ dir, scratch, settings, seed, threads });
    await promisify(execFile)(process.execPath, ['--import', 'tsx', script, task], { maxBuffer: 1 << 28 });
    return JSON.parse(await readFile(join(scratch, 'ranking.json'), 'utf8')) as SystemRun;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

const MADE_OF = [
  'student',
  ...['bundle', 'core', 'dataset', 'features', 'onnx', 'runtime', 'tags'].map((name) => `src/${name}`),
];

/** A hash of the sources that make a student, so that an edit runs it anew. */
export async function studentVersion(): Promise<string> {
  const files: string[] = [];
  for (const folder of MADE_OF) {
    const entries = await readdir(packagePath(folder), { recursive: true, withFileTypes: true });
    files.push(
      ...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    );
  }
  return sha256((await Promise.all(files.sort().map(sha256File))).join());
}
