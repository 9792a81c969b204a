import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isThere } from '../../../src/core/is-there.js';
import { packagePath } from '../../../src/core/package-info.js';

/**
 * Read a gzipped JSONL file of the data that does not ship with the project.
 *
 * @returns null where it is not on this machine
 */
export async function readSharedRows<T>(...names: readonly string[]): Promise<readonly T[] | null> {
  const root = process.env['TAGDISTILL_SHARED_DATA'] ?? packagePath('..', 'shared', 'data');
  const path = join(root, ...names);
  if (!(await isThere(path))) return null;
  const lines = gunzipSync(await readFile(path))
    .toString('utf8')
    .split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
