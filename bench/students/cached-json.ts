import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../../src/core/is-there.js';
import { CACHE } from './write-split.js';

export interface CachedJsonOptions {
  /** Make it even where it is there. */
  readonly fresh: boolean;
}

/** Give a result from the cache, or make it; its name must hold a hash of all that it depends on. */
export async function cachedJson<T>(
  name: string,
  make: () => Promise<T>,
  { fresh }: CachedJsonOptions,
): Promise<T> {
  const folder = join(CACHE, 'runs');
  const path = join(folder, `${name}.json`);
  if (!fresh && (await isThere(path))) return JSON.parse(await readFile(path, 'utf8')) as T;
  const result = await make();
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.${process.pid}`, JSON.stringify(result));
  await rename(`${path}.${process.pid}`, path);
  return result;
}
