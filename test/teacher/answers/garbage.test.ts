import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { GarbageReport } from './read-garbage.js';

const LIMIT_MS = 120_000;

describe('a million characters of garbage', () => {
  // In a process of its own, as nothing else stops a pattern that takes hours; linear work takes seconds.
  it(
    'are read by either task before a generous limit, whatever they repeat',
    { timeout: LIMIT_MS + 10_000 },
    async () => {
      const script = join(import.meta.dirname, 'read-garbage.ts');
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
        timeout: LIMIT_MS,
      });
      const { nRead, states } = JSON.parse(stdout) as GarbageReport;
      expect(nRead).toBeGreaterThan(100);
      expect(states.sort()).toEqual(['ok', 'unparseable']);
    },
  );
});
