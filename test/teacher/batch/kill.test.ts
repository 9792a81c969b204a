import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packagePath } from '../../../src/core/package-info.js';
import { startBatchServer, type BatchServer, type Fault, type Seen } from '../../support/batch-server.js';
import { rowsOf, writeItems } from '../run/asked-run.js';
import { tagsCompletion } from './completions.js';

const ITEMS = 60;
const IN_A_BATCH = 25;

let dir: string;
let server: BatchServer;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'batch-kill-'));
  server = await startBatchServer(tagsCompletion);
  const items = Array.from({ length: ITEMS }, (_, i) => ({ id: i, text: `The story of book ${i}.` }));
  writeItems(join(dir, 'items.jsonl'), items);
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const journalDir = (): string => join(dir, 'out.journal');
const segment = (): string => join(journalDir(), 'calls-000001.jsonl');
const nCallsOnDisk = (): number =>
  existsSync(segment()) ? readFileSync(segment(), 'utf8').split('\n').length - 2 : 0;

/** Run `teach --batch` as a process; `fault` may kill it at a request. */
async function teach(
  fault: (seen: Seen, child: ChildProcess) => Fault = () => null,
): Promise<{ readonly end: string | number | null; readonly stderr: string }> {
  const child = spawn(
    process.execPath,
    [
      ...['--import', import.meta.resolve('tsx'), packagePath('src', 'cli', 'main.ts'), 'teach', '--batch'],
      ...['--items', join(dir, 'items.jsonl'), '--out', join(dir, 'out'), '--model', 'any'],
      ...['--base-url', server.baseUrl, '--batch-requests', String(IN_A_BATCH), '--poll-seconds', '1'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  server.fault = (seen) => fault(seen, child);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { end: signal ?? code, stderr };
}

async function expectWholeAndOnce(): Promise<void> {
  const submitted = [...server.lines.values()].flatMap((lines) => lines.map(({ custom_id }) => custom_id));
  expect(submitted).toHaveLength(ITEMS);
  expect(new Set(submitted).size).toBe(ITEMS);
  const calls = await rowsOf(join(dir, 'out'), 'calls');
  expect(calls.map(({ source_id }) => source_id)).toEqual(Array.from({ length: ITEMS }, (_, i) => String(i)));
  expect(calls.every(({ status, mode }) => status === 'ok' && mode === 'batch')).toBe(true);
  expect(nCallsOnDisk()).toBe(ITEMS);
  expect(readdirSync(journalDir()).sort()).toEqual(['batches.jsonl', 'calls-000001.jsonl']);
}

const kill = (child: ChildProcess, fault: Fault): Fault => {
  child.kill('SIGKILL');
  return fault;
};

describe('a run in batches that is killed', { timeout: 120_000 }, () => {
  it('after an upload submits each question once', async () => {
    const { end } = await teach(({ method, path, nth }, child) =>
      method === 'POST' && path === '/files' && nth === 2 ? kill(child, { kind: 'drop_after' }) : null,
    );
    expect(end).toBe('SIGKILL');
    expect(server.batches).toHaveLength(1);
    expect((await teach()).end).toBe(0);
    await expectWholeAndOnce();
  });

  it('before it hears that a batch was taken finds it again', async () => {
    const { end } = await teach(({ method, path, nth }, child) =>
      method === 'POST' && path === '/batches' && nth === 2 ? kill(child, { kind: 'drop_after' }) : null,
    );
    expect(end).toBe('SIGKILL');
    expect(server.batches).toHaveLength(2);
    expect((await teach()).end).toBe(0);
    expect(server.batches).toHaveLength(3);
    await expectWholeAndOnce();
  });

  it('before a batch was taken submits it in the next run', async () => {
    const { end } = await teach(({ method, path, nth }, child) =>
      method === 'POST' && path === '/batches' && nth === 1 ? kill(child, { kind: 'drop' }) : null,
    );
    expect(end).toBe('SIGKILL');
    expect(server.batches).toHaveLength(0);
    const { end: second, stderr } = await teach();
    expect(second).toBe(0);
    expect(stderr).toContain('was not submitted before the last run ended');
    await expectWholeAndOnce();
  });

  it('while it looks at its batches goes on with them', async () => {
    server.looks = 100;
    const { end } = await teach(({ method, path }, child) =>
      method === 'GET' && path.startsWith('/batches/batch_') ? kill(child, null) : null,
    );
    expect(end).toBe('SIGKILL');
    server.looks = 1;
    expect((await teach()).end).toBe(0);
    expect(server.batches).toHaveLength(3);
    await expectWholeAndOnce();
  });

  it('in the middle of a harvest brings in the rest, and no answer twice', async () => {
    const { end } = await teach(({ path, nth }, child) => {
      if (!path.endsWith('/content') || nth !== 2) return null;
      const untilSomeAreWritten = (): void => {
        if (nCallsOnDisk() > IN_A_BATCH) child.kill('SIGKILL');
        else setImmediate(untilSomeAreWritten);
      };
      return { kind: 'cut', afterBytes: 6000, then: untilSomeAreWritten };
    });
    expect(end).toBe('SIGKILL');
    expect(nCallsOnDisk()).toBeLessThan(2 * IN_A_BATCH);
    expect((await teach()).end).toBe(0);
    await expectWholeAndOnce();
  });

  it('by Ctrl-C says that the batches go on, and how to bring them in', async () => {
    server.looks = 100;
    const { end, stderr } = await teach(({ method, path, nth }, child) => {
      if (method === 'GET' && path.startsWith('/batches/batch_') && nth === 1) child.kill('SIGINT');
      return null;
    });
    expect(end).toBe(130);
    expect(stderr).toContain('3 batches (batch_1, batch_2, batch_3) go on at the server');
    expect(stderr).toContain('Run the same command again');
    server.looks = 1;
    expect((await teach()).end).toBe(0);
    await expectWholeAndOnce();
  });
});
