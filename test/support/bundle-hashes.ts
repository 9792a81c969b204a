import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { sha256 } from '../../src/core/hash.js';

/** Hash every file of a bundle, by its path in it: two bundles of one name are the same if these are. */
export async function bundleHashes(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashes: Record<string, string> = {};
  for (const file of files.sort())
    hashes[relative(dir, file).split(sep).join('/')] = sha256(await readFile(file));
  return hashes;
}
