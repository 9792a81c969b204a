import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256, sha256File } from '../../src/core/hash.js';
import { isThere } from '../../src/core/is-there.js';
import { packagePath } from '../../src/core/package-info.js';
import type { Settings, SystemRun } from './system-run.js';
import { CACHE } from './write-split.js';

const PEERS = packagePath('bench', 'students', 'peers');

export interface PeerOptions {
  readonly dir: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly threads: number;
}

/** Run a Python peer on a split. */
export async function runPeer(
  script: string,
  { dir, settings, seed, threads }: PeerOptions,
): Promise<SystemRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'tagdistill-bench-'));
  try {
    const out = join(scratch, 'ranking.json');
    const flags = {
      data: dir,
      out,
      cache: join(CACHE, 'models'),
      settings: JSON.stringify(settings),
      seed,
      threads,
    };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const n = String(threads);
    await promisify(execFile)(await pythonPath(), [join(PEERS, script), ...args], {
      maxBuffer: 1 << 28,
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        OMP_NUM_THREADS: n,
        OPENBLAS_NUM_THREADS: n,
        MKL_NUM_THREADS: n,
      },
    });
    return JSON.parse(await readFile(out, 'utf8')) as SystemRun;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** A hash of what a peer is: its script, the scripts that it imports, and the pinned packages. */
export async function peerVersion(script: string): Promise<string> {
  const files = new Set([script, 'requirements.txt']);
  for (const file of files) {
    const text = await readFile(join(PEERS, file), 'utf8');
    for (const [, name] of text.matchAll(/^from (\w+) import/gm)) {
      if (await isThere(join(PEERS, `${name!}.py`))) files.add(`${name!}.py`);
    }
  }
  return sha256((await Promise.all([...files].sort().map((file) => sha256File(join(PEERS, file))))).join());
}

async function pythonPath(): Promise<string> {
  const own = packagePath('.python-peers', 'bin', 'python');
  return process.env['PYTHON'] ?? ((await isThere(own)) ? own : 'python3');
}
