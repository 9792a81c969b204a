import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Journal } from '../../../teacher/journal/journal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { callOf, keyOf, readJournal } from './calls.js';

const folder = temporaryFolder();

const settle = (journal: Journal, from: number, n: number): Promise<PromiseSettledResult<void>[]> =>
  Promise.allSettled(Array.from({ length: n }, (_, i) => journal.append(callOf(from + i))));

describe('a full disk', () => {
  let disk: string | null = null;

  // Only root may mount; elsewhere these tests are skipped.
  beforeAll(() => {
    const path = folder.path('disk');
    mkdirSync(path);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', path], { stdio: 'ignore' });
      disk = path;
    } catch {
      disk = null;
    }
  });
  afterAll(() => {
    if (disk !== null) execFileSync('umount', ['-l', disk]);
  });

  it('stops the journal at the first refusal; once there is space, all that resolved is there', async (context) => {
    if (disk === null) return context.skip('no file system can be mounted here');
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(100_000));
    const dir = join(disk, 'journal');
    const journal = await Journal.open(dir);
    const kept: number[] = [];
    let failures: unknown[] = [];
    for (let from = 0; failures.length === 0; from += 50) {
      const results = await settle(journal, from, 50);
      results.forEach(({ status }, i) => status === 'fulfilled' && kept.push(from + i));
      failures = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
    }
    expect(failures).toHaveLength(50);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: 'E_FILE_WRITE',
        message: expect.stringMatching(/cannot write 50 calls, \d+ bytes, at byte \d+: ENOSPC/),
        file: join(dir, 'calls-000001.jsonl'),
        hint: expect.stringContaining('run the same command again'),
      });
    }
    expect(journal.nCalls).toBe(kept.length);
    // The whole lines of the refused write are kept, the half one is not.
    const text = await readFile(join(dir, 'calls-000001.jsonl'), 'utf8');
    expect(text.endsWith('}\n')).toBe(true);

    await rm(ballast);
    await expect(journal.append(callOf(-1))).rejects.toMatchObject({ code: 'E_FILE_WRITE' });
    expect(await journal.find(keyOf(kept[0]!))).toEqual(callOf(kept[0]!));
    await journal.close();

    const { calls, notices } = await readJournal(dir);
    expect(notices).toEqual([]);
    expect(calls.slice(0, kept.length)).toEqual(kept.map((n) => callOf(n)));
    const again = await Journal.open(dir);
    await again.append(callOf(-1));
    await again.close();
    expect((await readJournal(dir)).calls).toEqual([...calls, callOf(-1)]);
  });

  it('that has no room for the first call at all leaves nothing that the next run trips over', async (context) => {
    if (disk === null) return context.skip('no file system can be mounted here');
    await rm(join(disk, 'journal'), { recursive: true });
    const dir = join(disk, 'first');
    const journal = await Journal.open(dir);
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(1_000_000)).catch(() => undefined);
    await expect(journal.append(callOf(1))).rejects.toMatchObject({ code: 'E_FILE_WRITE' });
    await journal.close();
    await rm(ballast);
    const again = await Journal.open(dir);
    await again.append(callOf(1));
    await again.close();
    expect(await readJournal(dir)).toEqual({ calls: [callOf(1)], notices: [] });
  });
});

describe('a disk that fails', () => {
  afterEach(() => vi.restoreAllMocks());

  async function prototypeOfHandles(): Promise<Awaited<ReturnType<typeof open>>> {
    const handle = await open(folder.path(''), 'r');
    await handle.close();
    return Object.getPrototypeOf(handle) as typeof handle;
  }

  it('at fdatasync refuses all calls of that write and those that wait behind it', async () => {
    const journal = await Journal.open(folder.path('sync'));
    await journal.append(callOf(1));
    const handles = await prototypeOfHandles();
    vi.spyOn(handles, 'datasync').mockImplementation(async () => {
      waiting.push(
        ...Array.from({ length: 5 }, (_, i) => Promise.allSettled([journal.append(callOf(10 + i))])),
      );
      await Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    });
    const waiting: Promise<PromiseSettledResult<void>[]>[] = [];
    const results = await settle(journal, 2, 3);
    vi.restoreAllMocks();
    results.push(...(await Promise.all(waiting)).flat());
    expect(results).toHaveLength(8);
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'E_FILE_WRITE', message: expect.stringContaining('EIO') },
      });
    }
    await expect(journal.append(callOf(20))).rejects.toMatchObject({ code: 'E_FILE_WRITE' });
    expect(journal.has(keyOf(2))).toBe(false);
    await journal.close();
  });

  it('half way through a write keeps its whole lines and drops the half one', async () => {
    const dir = folder.path('half');
    const journal = await Journal.open(dir);
    await journal.append(callOf(1));
    const file = join(dir, 'calls-000001.jsonl');
    const { length: before } = await readFile(file);
    await journal.append(callOf(2));
    const lineBytes = (await readFile(file)).length - before;
    const handles = await prototypeOfHandles();
    const write = Reflect.get(handles, 'write') as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
    vi.spyOn(handles, 'write')
      .mockImplementationOnce(function (this: unknown, ...[bytes, offset, , position]: unknown[]) {
        return write.call(this, bytes, offset, 2 * lineBytes + 10, position) as never;
      })
      .mockRejectedValueOnce(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    const results = await settle(journal, 3, 4);
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    vi.restoreAllMocks();
    await journal.close();
    expect(await readJournal(dir)).toEqual({ calls: [1, 2, 3, 4].map((n) => callOf(n)), notices: [] });
  });
});
