import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRow } from '../../../src/dataset/rows.js';
import { runTeacherBatch, type BatchRunReport, type RunTeacherBatchOptions } from '../../../teacher/index.js';
import { outputLine, startBatchServer, type BatchServer, type Seen } from '../../support/batch-server.js';
import { readJournal } from '../journal/calls.js';
import { books, writeItems } from '../run/asked-run.js';
import { completion, tagsCompletion, writePrices } from './completions.js';

let dir: string;
let server: BatchServer;
let notices: string[];
let slept: number[];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'batch-faults-'));
  server = await startBatchServer(tagsCompletion);
  notices = [];
  slept = [];
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const journalDir = (): string => join(dir, 'out.journal');
const run = (n: number, options: Partial<RunTeacherBatchOptions> = {}): Promise<BatchRunReport> => {
  writePrices(join(dir, 'prices.yaml'));
  return runTeacherBatch({
    teacher: { baseUrl: server.baseUrl, model: 'cheap', apiKey: 'sk-very-secret-key' },
    items: writeItems(join(dir, 'items.jsonl'), books(n)),
    out: join(dir, 'out'),
    overwrite: true,
    random: () => 0,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    onNotice: (text) => notices.push(text),
    ...options,
  });
};
const rows = async (): Promise<CallRow[]> => (await readJournal(journalDir())).calls;
/** Ends a run in batches when it has submitted them and waits. */
const stoppedAtOnce = (): Partial<RunTeacherBatchOptions> => {
  server.looks = 1000;
  const stop = new AbortController();
  const sleep = (): Promise<void> => {
    stop.abort(new Error('interrupted'));
    return Promise.resolve();
  };
  return { signal: stop.signal, sleep };
};
const isCreate = ({ method, path }: Seen): boolean => method === 'POST' && path === '/batches';

describe('a server that fails', () => {
  it('is tried again after rate limits, errors and lost connections, and gets each question once', async () => {
    server.fault = ({ nth }) => {
      if (nth === 1) return { kind: 'status', status: 429, headers: { 'retry-after': '7' } };
      if (nth === 2) return { kind: 'status', status: 500 };
      if (nth === 3) return { kind: 'drop' };
      return null;
    };
    const report = await run(8);
    expect(report).toMatchObject({ nAnswers: 8, nFailed: 0, batch: { nRequests: 8 } });
    expect(server.batches).toHaveLength(1);
    expect(slept).toContain(7000);
  });

  it('that took a batch but did not say so is not given it again', async () => {
    server.fault = (seen) => (isCreate(seen) && seen.nth === 1 ? { kind: 'drop_after' } : null);
    const report = await run(8);
    expect(report.nAnswers).toBe(8);
    expect(server.batches).toHaveLength(1);
  });

  it('has its list looked through to the end for such a batch', async () => {
    server.fault = (seen) => (isCreate(seen) && seen.nth === 1 ? { kind: 'drop_after' } : null);
    await run(10, { batch: { maxRequests: 1 } });
    expect(server.batches).toHaveLength(10);
    // Among 10 batches, which come 2 a page, the first one is last.
    rmSync(join(dir, 'out'), { recursive: true });
    const file = join(journalDir(), 'batches.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, 2).join('\n')}\n`);
    const report = await run(10, { batch: { maxRequests: 1 } });
    expect(report.batch).toMatchObject({ nBatches: 0, nFound: 1, nAnswered: 0 });
    expect(await rows()).toHaveLength(10);
  });

  it('without a batch interface is told as that, and nothing is left open', async () => {
    server.fault = ({ path }) => (path === '/files' ? { kind: 'status', status: 404 } : null);
    await expect(run(3)).rejects.toMatchObject({
      code: 'E_TEACHER',
      hint: expect.stringContaining('leave --batch out') as string,
    });
    server.fault = () => null;
    expect((await run(3)).batch).toMatchObject({ nFound: 0, nBatches: 1 });
  });

  it('that refuses the key is told so without showing it', async () => {
    server.fault = () => ({ kind: 'status', status: 401 });
    const error = (await run(3).catch((failure: unknown) => failure)) as Error;
    expect(error).toMatchObject({ code: 'E_TEACHER' });
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('secret');
  });

  it('sends no key but to its own address', async () => {
    await run(3);
    expect([...server.keys]).toEqual(['Bearer sk-very-secret-key']);
    expect(readFileSync(join(journalDir(), 'batches.jsonl'), 'utf8')).not.toContain('secret');
  });

  it('that cuts the answers off has the file read again, and no answer kept twice', async () => {
    server.fault = ({ path, nth }) =>
      path.endsWith('/content') && nth <= 3 ? { kind: 'cut', afterBytes: 1500 * nth } : null;
    const report = await run(20);
    expect(report).toMatchObject({ nAnswers: 20, batch: { nGarbage: 0, nDuplicates: 0 } });
    expect(await rows()).toHaveLength(20);
  });

  it('that cuts them off for good leaves what came, which the next run does not count again', async () => {
    const unread = completion('I am sorry.');
    server.end = (lines, { id }) => ({
      status: 'completed',
      output: lines.map((line) =>
        outputLine(line, id === 'batch_1' ? unread : tagsCompletion(firstOf(line.body))),
      ),
    });
    server.fault = ({ path }) => (path.endsWith('/content') ? { kind: 'cut', afterBytes: 2000 } : null);
    await expect(run(20)).rejects.toMatchObject({ code: 'E_TEACHER' });
    const nFirst = (await rows()).length;
    expect(nFirst).toBeGreaterThan(0);
    expect(nFirst).toBeLessThan(20);
    server.fault = () => null;
    const report = await run(20);
    expect(report).toMatchObject({ nAnswers: 20, batch: { nFound: 1, nBatches: 1 } });
    const all = await rows();
    expect(all.filter(({ status, attempt }) => status === 'failed' && attempt === 1)).toHaveLength(20);
    expect(all.filter(({ status, attempt }) => status === 'ok' && attempt === 2)).toHaveLength(20);
  });

  it('that has lost a batch gets its questions again, after looking three times', async () => {
    server.fault = ({ method, path }) =>
      method === 'GET' && path === '/batches/batch_1' ? { kind: 'status', status: 404 } : null;
    const report = await run(4);
    expect(report).toMatchObject({
      nAnswers: 4,
      batch: { nBatches: 2, byStatus: { gone: 1, completed: 1 } },
    });
  });

  it('that stays down while batches go on is given up, and asked later', async () => {
    server.fault = ({ method, path }) =>
      method === 'GET' && path.startsWith('/batches/') ? { kind: 'status', status: 503 } : null;
    await expect(run(4)).rejects.toMatchObject({
      code: 'E_TEACHER',
      hint: expect.stringContaining('1 batches go on') as string,
    });
    server.fault = () => null;
    expect((await run(4)).batch).toMatchObject({ nFound: 1, nBatches: 0, nAnswered: 4 });
  });
});

describe('looking at batches', () => {
  it('takes longer each time while nothing changes, up to two minutes', async () => {
    server.looks = 9;
    await run(2);
    expect(slept[0]).toBe(10_000);
    expect(slept[1]).toBe(15_000);
    expect(Math.max(...slept)).toBe(120_000);
  });

  it('keeps to the time that was given', async () => {
    server.looks = 4;
    await run(2, { batch: { pollMs: 5000 } });
    expect(slept).toEqual([5000, 5000, 5000]);
  });
});

describe('a budget', () => {
  it('is set aside before a batch is submitted, and stops in order', async () => {
    // At p95 a question may cost about (1.2 x 600 tokens in at $1, 334 out at $10 a million) / 2, so some 2,000.
    const report = await run(10, { prices: join(dir, 'prices.yaml'), budgetMicrousd: 9000 });
    expect(report.stopped?.reason).toBe('budget');
    expect(report.batch.costMicrousd).toBeLessThanOrEqual(9000);
    expect(report.nItems).toBeGreaterThan(2);
    expect(report.nItems).toBeLessThan(10);
    expect(report.nItems + report.nItemsLeftOut).toBeLessThanOrEqual(10);
  });

  it('uses what batches leave of what was set aside for them', async () => {
    const report = await run(10, { prices: join(dir, 'prices.yaml'), budgetMicrousd: 9000 });
    // 1,000 each, less than what was set aside.
    expect(report.batch.nBatches).toBeGreaterThan(1);
  });

  it('counts the batches of an earlier process as well', async () => {
    const whole = { prices: join(dir, 'prices.yaml') };
    await expect(run(5, { ...whole, ...stoppedAtOnce() })).rejects.toMatchObject({ code: 'E_ABORTED' });
    server.looks = 1;
    // The 5 answers that it finds cost 1,000 each.
    const report = await run(10, { ...whole, budgetMicrousd: 5000 });
    expect(report).toMatchObject({
      nItems: 5,
      stopped: { reason: 'budget' },
      batch: { nFound: 1, nBatches: 0 },
    });
  });

  it('that pays for nothing submits nothing', async () => {
    await expect(run(3, { prices: join(dir, 'prices.yaml'), budgetMicrousd: 1 })).rejects.toMatchObject({
      code: 'E_NO_ROWS',
    });
    expect(server.batches).toHaveLength(0);
  });
});

describe('the journal of batches', () => {
  it('drops a line that was not written to its end', async () => {
    await run(3);
    appendFileSync(join(journalDir(), 'batches.jsonl'), '12345678 {"type":"pla');
    expect((await run(4)).batch).toMatchObject({ nFound: 0, nBatches: 1, nRequests: 1 });
  });

  it('refuses a damaged line, as it may hide a batch that is paid', async () => {
    await run(3);
    const file = join(journalDir(), 'batches.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [lines[0], `${lines[1]!.slice(0, -3)}x"}`, ...lines.slice(2)].join('\n'));
    await expect(run(4)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', file, line: 2 });
  });

  it('brings in what was asked about items that are gone, as it is paid', async () => {
    await expect(run(5, stoppedAtOnce())).rejects.toMatchObject({ code: 'E_ABORTED' });
    server.looks = 1;
    expect(await run(2)).toMatchObject({ nItems: 2, batch: { nFound: 1, nBatches: 0, nAnswered: 5 } });
    expect(await run(5)).toMatchObject({ nItems: 5, nReused: 5, batch: { nFound: 0, nBatches: 0 } });
  });

  it('leaves batches of another server alone', async () => {
    await expect(run(3, stoppedAtOnce())).rejects.toMatchObject({ code: 'E_ABORTED' });
    const other = await startBatchServer(tagsCompletion);
    try {
      const report = await run(3, { teacher: { baseUrl: other.baseUrl, model: 'cheap' } });
      expect(report.batch).toMatchObject({ nFound: 0, nAnswered: 3 });
      expect(notices.join()).toContain('1 batches of another server are still open');
    } finally {
      await other.close();
    }
  });
});

function firstOf(body: Parameters<typeof tagsCompletion>[0]): Parameters<typeof tagsCompletion>[0] {
  return { ...body, messages: body.messages.slice(0, -2) };
}
