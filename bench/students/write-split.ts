import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../src/core/hash.js';
import { isThere } from '../../src/core/is-there.js';
import { packagePath } from '../../src/core/package-info.js';
import type { BenchItem, BenchSplit } from './data/bench-split.js';

/** Git-ignored folder of splits, rankings and shared models. */
export const CACHE = packagePath('bench', '.cache');

/** A split on disk: train.jsonl and test.jsonl. */
export interface WrittenSplit extends BenchSplit {
  readonly dir: string;
  /** SHA-256 of both files. */
  readonly hash: string;
}

/** Write a split where it is not yet there; its folder is named by its content. */
export async function writeSplit(name: string, split: BenchSplit): Promise<WrittenSplit> {
  const files = { 'train.jsonl': toLines(split.train), 'test.jsonl': toLines(split.test) };
  const hash = sha256(JSON.stringify(Object.values(files).map(sha256)));
  const dir = join(CACHE, 'data', `${name}-${hash.slice(0, 12)}`);
  if (!(await isThere(dir))) {
    const draft = `${dir}.${process.pid}`;
    await mkdir(draft, { recursive: true });
    for (const [file, lines] of Object.entries(files)) await writeFile(join(draft, file), lines);
    await rename(draft, dir);
  }
  return { ...split, dir, hash };
}

function toLines(items: readonly BenchItem[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}
