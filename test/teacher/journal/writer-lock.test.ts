import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../../teacher/journal/journal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { callOf, keyOf, readJournal, writeCalls } from './calls.js';

const folder = temporaryFolder();

/** Let another process write, and kill it once so many calls are on the disk. */
async function writeAndKill(
  dir: string,
  { from, nCalls, before }: { from: number; nCalls: number; before?: () => Promise<void> },
): Promise<number[]> {
  const script = fileURLToPath(import.meta.resolve('./write-until-killed.ts'));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, dir, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const written: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    written.push(Number(line));
    if (written.length !== nCalls) continue;
    await before?.();
    child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return written;
}

async function ownLock(dir: string): Promise<string> {
  const journal = await Journal.open(dir);
  const [name = ''] = (await readdir(dir)).filter((file) => file.endsWith('.lock'));
  await journal.close();
  return name;
}

describe('a writer that is killed', () => {
  it('loses nothing that was on the disk, and leaves the journal to the next', async () => {
    const dir = folder.path('killed');
    const written: number[] = [];
    for (const nCalls of [1, 700, 2500]) {
      written.push(...(await writeAndKill(dir, { from: 10_000 * nCalls, nCalls })));
      const { calls, notices } = await readJournal(dir);
      const keys = new Set(calls.map(({ key }) => key));
      expect(written.filter((n) => !keys.has(keyOf(n)))).toEqual([]);
      expect(notices).toContainEqual(expect.stringMatching(/process \d+ ended without closing/));
      expect(calls.length).toBeGreaterThanOrEqual(written.length);
    }
  });

  it('keeps others out as long as it lives', async () => {
    const dir = folder.path('alive');
    let refused: unknown;
    await writeAndKill(dir, {
      from: 0,
      nCalls: 1,
      before: async () => {
        refused = await Journal.open(dir).catch((error: unknown) => error);
      },
    });
    expect(refused).toMatchObject({
      code: 'E_FILE_EXISTS',
      message: expect.stringMatching(/process \d+ on .* has the journal open/),
      hint: expect.stringContaining('Wait until it ends'),
    });
    await writeCalls(dir, [callOf(-1)]);
  });
});

describe('the lock', () => {
  it('lets in one journal at a time, of this process too, and goes with it', async () => {
    const dir = folder.path('own');
    const opened = await Promise.allSettled(Array.from({ length: 5 }, () => Journal.open(dir)));
    const [journal, ...more] = opened.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    expect(more).toEqual([]);
    for (const result of opened) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'E_FILE_EXISTS' });
    }
    await journal!.close();
    expect(await readdir(dir)).toEqual([]);
    await writeCalls(dir, [callOf(1)]);
  });

  it('of a process on another host holds until its file is deleted by hand', async () => {
    const dir = folder.path('other host');
    await mkdir(dir);
    await writeFile(join(dir, 'writer-1-1-no.such.host.lock'), '');
    await expect(Journal.open(dir)).rejects.toMatchObject({
      code: 'E_FILE_EXISTS',
      message: expect.stringContaining('process 1 on no.such.host'),
      hint: expect.stringContaining('delete this file'),
    });
    expect(await readdir(dir)).toEqual(['writer-1-1-no.such.host.lock']);
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'of an earlier process of the same pid is taken over, as after a container starts again',
    async () => {
      const dir = folder.path('same pid');
      const earlier = (await ownLock(dir)).replace(/^writer-(\d+)-\d+-/, 'writer-$1-1-');
      await writeFile(join(dir, earlier), '');
      const { notices } = await readJournal(dir);
      expect(notices).toEqual([expect.stringMatching(`process ${process.pid} ended`)]);
      expect(await readdir(dir)).toEqual([]);
    },
  );
});
