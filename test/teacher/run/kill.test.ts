import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/random.js';
import type { RunTeacherOptions } from '../../../teacher/index.js';
import { startAnsweringServer, type AnsweringServer } from './answering-server.js';
import { rowsOf, writeItems } from './asked-run.js';

const KILLS = 20;
const CONCURRENCY = 8;
const ITEMS = 160;
const SAMPLES = 2;

let dir: string;
let server: AnsweringServer;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kill-'));
  server = await startAnsweringServer();
});
afterEach(async () => {
  next?.kill('SIGKILL');
  next = null;
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

let next: ChildProcessByStdio<Writable, null, null> | null = null;

function startNext(): ChildProcessByStdio<Writable, null, null> {
  const script = fileURLToPath(import.meta.resolve('./teach-when-told.ts'));
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** Run a teacher in a process of its own; `atRequest`: how many requests it makes until it is killed. */
async function teach(out: string, atRequest = Infinity): Promise<'killed' | number | null> {
  const nBefore = server.asked.length;
  const child = next ?? startNext();
  // Most of the time goes into starting, which the next one does while this one runs.
  next = startNext();
  server.reply = ({ messages }) => {
    if (server.asked.length - nBefore === atRequest) child.kill('SIGKILL');
    // Some answers cannot be read at first, so that a kill meets questions that are asked again.
    const isFirst = messages.filter(({ role }) => role === 'user').length === 1;
    const isOdd = /book \d*[37]\./u.test(messages.at(-1)!.content);
    return isFirst && isOdd ? { kind: 'text', text: 'I am sorry.' } : { kind: 'tags' };
  };
  const options: RunTeacherOptions = {
    teacher: { baseUrl: server.baseUrl, model: 'any' },
    items: join(dir, 'items.jsonl'),
    out: join(dir, out),
    concurrency: CONCURRENCY,
    samples: SAMPLES,
  };
  child.stdin.end(`${JSON.stringify(options)}\n`);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal === 'SIGKILL' ? 'killed' : code;
}

/** Answers sorted by key, without times, run, attempt and cost. */
async function answersOf(out: string): Promise<object[]> {
  const rows = await rowsOf(join(dir, out), 'calls');
  return rows
    .filter(({ status }) => status !== 'failed')
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((row) => ({
      ...row,
      ...{ attempt: 0, run_id: '', started_at: '', finished_at: '', cost_microusd: 0, cost_basis: '' },
    }));
}

describe('a run that is killed', () => {
  it(
    `${KILLS} times loses nothing that was answered, and pays again at most for the calls in flight`,
    { timeout: 600_000 },
    async () => {
      const items = Array.from({ length: ITEMS }, (_, i) => ({ id: i, text: `The story of book ${i}.` }));
      writeItems(join(dir, 'items.jsonl'), items);
      const random = seededRandom(5);
      let nKilled = 0;
      for (let i = 0; i < KILLS; i++) {
        const ended = await teach('killed', 1 + Math.floor(random() * 28));
        if (ended === 'killed') nKilled++;
        else break;
      }
      expect(nKilled).toBe(KILLS);
      expect(existsSync(join(dir, 'killed'))).toBe(false);
      expect(await teach('killed')).toBe(0);
      const nWithKills = server.asked.length;
      expect(await teach('whole')).toBe(0);
      const nWithout = server.asked.length - nWithKills;
      expect(await answersOf('killed')).toEqual(await answersOf('whole'));
      expect(await rowsOf(join(dir, 'killed'), 'item_tags')).toEqual(
        await rowsOf(join(dir, 'whole'), 'item_tags'),
      );
      expect(nWithKills - nWithout).toBeLessThanOrEqual(KILLS * CONCURRENCY);
      expect(readdirSync(dir).sort()).toEqual([
        'items.jsonl',
        'killed',
        'killed.journal',
        'whole',
        'whole.journal',
      ]);
    },
  );
});
