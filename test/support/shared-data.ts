import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../../src/core/package-info.js';

/**
 * Find a folder of the read-only data that is not part of the project: in TAGDISTILL_SHARED_DATA or ../shared/data.
 *
 * @returns null, with a printed notice, where it is absent; with TAGDISTILL_NO_SKIP=1 that throws
 */
export function sharedData(folder: string): string | null {
  const path = join(process.env.TAGDISTILL_SHARED_DATA ?? packagePath('..', 'shared', 'data'), folder);
  if (existsSync(path)) return path;
  const notice = `${path} is absent; set TAGDISTILL_SHARED_DATA to where ${folder} stands`;
  if (process.env.TAGDISTILL_NO_SKIP === '1') throw new Error(notice);
  console.warn(`skipped: ${notice}`);
  return null;
}
