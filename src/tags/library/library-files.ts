import { join } from 'node:path';

/** Where the parts of a tag library stand in its folder. */
export const LIBRARY_FILES = {
  manifest: 'manifest.json',
  aliases: 'aliases.arrow',
  cover: 'cover_set.arrow',
  logic: 'logic_edges.arrow',
} as const;

/** Where the items of a day stand, with forward slashes as in the manifest. */
export function dayFile(date: string): string {
  return `days/${date}.arrow`;
}

/** The place of a file of the library on this disk. */
export function libraryPath(dir: string, file: string): string {
  return join(dir, ...file.split('/'));
}
