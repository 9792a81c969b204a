import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const manifestPath = createRequire(import.meta.url).resolve('tagdistill/package.json');

/** Path of a file or folder that ships with the package, e.g. `datasets/books`. */
export function packagePath(...parts: string[]): string {
  return join(dirname(manifestPath), ...parts);
}

/** The version in package.json, which stands in every file this package writes. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(manifestPath, 'utf8')) as { version: string }).version;
}
