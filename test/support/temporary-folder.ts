import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

export interface TemporaryFolder {
  path(name: string): string;
  /** Write a file in it and give its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

/** Make a folder for the tests of a file, and remove it after them. */
export function temporaryFolder(): TemporaryFolder {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tagdistill-test-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  const path = (name: string): string => join(dir, name);
  return {
    path,
    write: async (name, content) => {
      await writeFile(path(name), content);
      return path(name);
    },
  };
}
