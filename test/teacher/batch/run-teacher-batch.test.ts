import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tablePath } from '../../../src/dataset/files.js';
import type { CallRow } from '../../../src/dataset/rows.js';
import type { TableName } from '../../../src/dataset/schemas.js';
import {
  runTeacher,
  runTeacherBatch,
  type BatchRunReport,
  type RunTeacherBatchOptions,
} from '../../../teacher/index.js';
import {
  errorLine,
  outputLine,
  startBatchServer,
  type BatchLine,
  type BatchServer,
} from '../../support/batch-server.js';
import { books, rowsOf, writeItems } from '../run/asked-run.js';
import { completion, tagsCompletion, writePrices } from './completions.js';

let dir: string;
let server: BatchServer;
let notices: string[];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'batch-'));
  server = await startBatchServer(tagsCompletion);
  notices = [];
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const prices = (): string => writePrices(join(dir, 'prices.yaml'));
const READABLE = JSON.stringify({ item_tags: [{ tag: 'oak' }], user_tags: [{ tag: 'baker' }] });
const out = (name = 'out'): string => join(dir, name);
const journal = (): string => `${out()}.journal`;

const optionsOf = (
  items: readonly object[],
  options: Partial<RunTeacherBatchOptions> = {},
): RunTeacherBatchOptions => ({
  teacher: { baseUrl: server.baseUrl, model: 'cheap' },
  items: writeItems(join(dir, 'items.jsonl'), items),
  out: out(),
  overwrite: true,
  random: () => 0,
  sleep: () => Promise.resolve(),
  onNotice: (text) => notices.push(text),
  ...options,
});
const run = (
  items: readonly object[],
  options: Partial<RunTeacherBatchOptions> = {},
): Promise<BatchRunReport> => runTeacherBatch(optionsOf(items, options));

const callsOf = (folder = out()): Promise<CallRow[]> => rowsOf(folder, 'calls');
const hashOf = (folder: string, table: TableName): string =>
  createHash('sha256')
    .update(readFileSync(tablePath(folder, table)))
    .digest('hex');
const submitted = (): string[] =>
  [...server.lines.values()].flatMap((lines) => lines.map(({ custom_id }) => custom_id));
const answers = (lines: readonly BatchLine[]): object[] =>
  lines.map((line) => outputLine(line, tagsCompletion(line.body)));

describe('runTeacherBatch', () => {
  it('makes the data set that an online run makes, of calls in mode batch', async () => {
    const report = await run(books(30));
    expect(report).toMatchObject({
      nItems: 30,
      nAnswers: 30,
      nNewAnswers: 30,
      nReused: 0,
      nFailed: 0,
      stopped: null,
      batch: { nBatches: 1, nRequests: 30, nAnswered: 30, nRounds: 1, byStatus: { completed: 1 } },
    });
    expect(server.nChats).toBe(0);
    const { batch: _, sleep: _sleep, ...online } = optionsOf(books(30), { out: out('online') });
    await runTeacher(online);
    for (const table of ['items', 'item_tags'] as const) {
      expect(hashOf(out(), table)).toBe(hashOf(out('online'), table));
    }
    const [call] = await callsOf();
    const [onlineCall] = await callsOf(out('online'));
    expect(call).toMatchObject({ mode: 'batch', status: 'ok', attempt: 1, tokens_in: 1000, tokens_out: 100 });
    const varying = { mode: '', run_id: '', started_at: '', finished_at: '' };
    expect({ ...call, ...varying }).toEqual({ ...onlineCall, ...varying });
  });

  it('sends the bodies that an online run sends, under the keys of their questions', async () => {
    const teacher = { baseUrl: server.baseUrl, model: 'cheap', params: { temperature: 0.5, seed: 7 } };
    await run(books(4), { teacher, samples: 2 });
    const bodies: object[] = [];
    server.chat = (body) => {
      bodies.push(body);
      return tagsCompletion(body);
    };
    const {
      batch: _,
      sleep: _sleep,
      ...online
    } = optionsOf(books(4), { teacher, samples: 2, out: out('online') });
    await runTeacher(online);
    const lines = [...server.lines.values()].flat();
    const sorted = (values: readonly object[]): string[] =>
      values.map((value) => JSON.stringify(value)).sort();
    expect(sorted(lines.map(({ body }) => body))).toEqual(sorted(bodies));
    expect(lines[0]).toMatchObject({ method: 'POST', url: '/v1/chat/completions' });
    const keys = (await callsOf()).map(({ key }) => key);
    expect(lines.map(({ custom_id }) => custom_id).sort()).toEqual(keys.sort());
  });

  it('submits nothing when all is answered, and only what is new', async () => {
    await run(books(10));
    const again = await run(books(10));
    expect(again).toMatchObject({ nNewAnswers: 0, nReused: 10, batch: { nBatches: 0, nRequests: 0 } });
    await run([...books(10), { id: 'new', text: 'A new one.' }]);
    expect(server.lines.get('batch_2')).toHaveLength(1);
  });

  it('takes equal questions once', async () => {
    const report = await run([...books(3), { id: 'twin', text: 'The story of book 0.' }]);
    expect(report).toMatchObject({ nItems: 4, nAnswers: 4, batch: { nRequests: 3 } });
  });

  it('counts answers at the discount', async () => {
    const report = await run(books(10), { prices: prices() });
    // (1000 tokens in at $1 and 100 out at $10 a million), halved
    expect(report.cost).toEqual({ measuredMicrousd: 10 * 1000, estimatedMicrousd: 0 });
    expect(report.tokens).toEqual({ in: 10_000, cached: 0, out: 1000 });
    expect(report.batch.costMicrousd).toBe(10_000);
    expect((await callsOf())[0]).toMatchObject({ cost_microusd: 1000, cost_basis: 'measured' });
  });

  it('goes on with the tags that the items got, in further batches', async () => {
    const report = await run(books(6), { tasks: ['item2tag', 'i2u'] });
    expect(report.nEdges).toBeGreaterThan(0);
    expect(report.batch.nBatches).toBe(2);
    expect(server.nChats).toBe(0);
  });

  it('leaves no file of a batch behind', async () => {
    await run(books(3));
    expect(readdirSync(journal()).sort()).toEqual(['batches.jsonl', 'calls-000001.jsonl']);
  });

  it('refuses to stop by recall, as no answer comes before all are asked for', async () => {
    await expect(run(books(3), { stopWhenRecall: 0.9 })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
  });

  it.each(['maxRequests', 'maxBytes', 'maxQueuedTokens', 'maxRounds', 'pollMs'])(
    'refuses a %s of 0',
    async (name) => {
      await expect(run(books(1), { batch: { [name]: 0 } })).rejects.toMatchObject({
        code: 'E_BAD_OPTION',
        message: expect.stringContaining(name) as string,
      });
    },
  );

  it('asks nothing when told so', async () => {
    await run(books(3));
    const report = await run(books(5), { offline: true });
    expect(report).toMatchObject({ nItems: 3, batch: { nBatches: 0 } });
    expect(server.batches).toHaveLength(1);
  });

  it('refuses a cascade, and says how to have one', async () => {
    const strong = { baseUrl: server.baseUrl, model: 'strong' };
    await expect(run(books(3), { strong })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      hint: expect.stringContaining('without --batch') as string,
    });
  });
});

describe('a request that is larger than a batch may be', () => {
  it('fails alone, and is sent nowhere', async () => {
    const items = [...books(2), { id: 'long', text: 'word '.repeat(20_000) }];
    const report = await run(items, { batch: { maxBytes: 20_000 } });
    expect(report).toMatchObject({ nItems: 2, nFailed: 1, failuresByClass: { bad_request: 1 } });
    expect(submitted()).toHaveLength(2);
  });
});

describe('shards', () => {
  it('hold at most so many requests', async () => {
    await run(books(10), { batch: { maxRequests: 4 } });
    expect([...server.lines.values()].map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(new Set(submitted()).size).toBe(10);
  });

  it('hold at most so many bytes', async () => {
    await run(books(1));
    const lineBytes = Buffer.byteLength(JSON.stringify(server.lines.get('batch_1')![0])) + 1;
    rmSync(journal(), { recursive: true });
    server.lines.clear();
    await run(books(9), { batch: { maxBytes: 3 * lineBytes } });
    expect([...server.lines.values()].map(({ length }) => length)).toEqual([3, 3, 3]);
  });

  it('wait for each other where the queue has room for so many tokens', async () => {
    server.looks = 3;
    let mostOpen = 0;
    server.fault = ({ method, path }) => {
      if (method === 'POST' && path === '/batches') {
        const open = server.batches.filter(({ status }) => status !== 'completed').length;
        mostOpen = Math.max(mostOpen, open);
      }
      return null;
    };
    await run(books(8), { batch: { maxRequests: 2, maxQueuedTokens: 1_000_000 } });
    const whole = mostOpen;
    expect(server.batches).toHaveLength(4);
    rmSync(journal(), { recursive: true });
    mostOpen = 0;
    await run(books(8), { batch: { maxRequests: 2, maxQueuedTokens: 1 } });
    expect(mostOpen).toBe(0);
    expect(whole).toBeGreaterThan(0);
    expect(server.batches).toHaveLength(4 + 8);
  });

  it('are made smaller once the server has no room for their tokens', async () => {
    server.end = (lines) =>
      lines.length > 3
        ? {
            status: 'failed',
            output: [],
            refusal: { code: 'token_limit_exceeded', message: 'Enqueued token limit' },
          }
        : { status: 'completed', output: answers(lines) };
    const report = await run(books(10));
    expect(report).toMatchObject({ nNewAnswers: 10, nFailed: 0, stopped: null });
    expect(notices.some((text) => text.includes('no room for'))).toBe(true);
  });

  it('stop the run where not even one request finds room', async () => {
    const refusal = { code: 'token_limit_exceeded', message: 'Enqueued token limit' };
    server.end = () => ({ status: 'failed', output: [], refusal });
    await expect(run(books(3))).rejects.toMatchObject({
      code: 'E_TEACHER',
      message: expect.stringContaining('not even of one request') as string,
    });
  });
});

describe('answers that do not come', () => {
  it('are asked for again, and only they, after a batch that expired', async () => {
    server.end = (lines, { id }) =>
      id === 'batch_1'
        ? {
            status: 'expired',
            output: answers(lines.slice(0, 6)),
            errors: lines.slice(6).map((line) => errorLine(line, 'batch_expired')),
          }
        : { status: 'completed', output: answers(lines) };
    const report = await run(books(10));
    expect(report).toMatchObject({ nAnswers: 10, nFailed: 0, batch: { nRounds: 2, nRequests: 14 } });
    expect(server.lines.get('batch_2')).toHaveLength(4);
    expect(new Set(submitted()).size).toBe(10);
  });

  it('are told and left out after the last round', async () => {
    server.end = (lines) => ({
      status: 'completed',
      output: answers(lines.slice(1)),
      errors: lines.slice(0, 1).map((line) => errorLine(line, 'server_error')),
    });
    const report = await run(books(3), { batch: { maxRounds: 2 } });
    // Each round leaves its first question over.
    expect(report.batch).toMatchObject({ nRounds: 2, nAnswered: 2 });
    expect(report).toMatchObject({ nItems: 2, nItemsLeftOut: 1, nFailed: 1, failuresByClass: { server: 1 } });
    expect(report.stopped).toEqual({
      reason: 'offline',
      message: '1 questions came back from the batches without an answer',
    });
    const failed = (await callsOf()).filter(({ status }) => status === 'failed');
    expect(failed.map(({ source_id, attempt }) => [source_id, attempt])).toEqual([
      ['b0', 1],
      ['b0', 2],
    ]);
  });

  it('are asked for online as a fallback', async () => {
    server.end = (lines) => ({ status: 'cancelled', output: answers(lines.slice(0, 2)) });
    const report = await run(books(5), { prices: prices(), batch: { maxRounds: 1, fallback: true } });
    expect(report).toMatchObject({ nItems: 5, nNewAnswers: 5, nFailed: 0, stopped: null });
    expect(server.nChats).toBe(3);
    expect(report.cost?.measuredMicrousd).toBe(2 * 1000 + 3 * 2000);
    const modes = (await callsOf()).map(({ mode }) => mode);
    expect(modes.filter((mode) => mode === 'batch')).toHaveLength(2);
  });

  it('that cannot be read are asked for once more with a word on what was wrong, then stand', async () => {
    server.end = (lines) => ({
      status: 'completed',
      output: lines.map((line) => outputLine(line, completion('I am sorry.'))),
    });
    const report = await run([...books(1)]).catch((error: unknown) => error);
    expect(report).toMatchObject({ code: 'E_NO_ROWS' });
    expect(server.batches).toHaveLength(2);
    const [line] = server.lines.get('batch_2')!;
    expect(line?.body.messages.at(-2)).toEqual({ role: 'assistant', content: 'I am sorry.' });
    expect(line?.body.messages.at(-1)?.content).toContain('could not be read');
    const third = await run(books(1)).catch((error: unknown) => error);
    expect(third).toMatchObject({ code: 'E_NO_ROWS' });
    expect(server.batches).toHaveLength(2);
  });

  it('that cannot be read are kept as rows that count as money', async () => {
    server.end = (lines, { id }) => ({
      status: 'completed',
      output:
        id === 'batch_1'
          ? lines.map((line) => outputLine(line, completion('I am sorry.')))
          : lines.map((line) => outputLine(line, completion(READABLE))),
    });
    await run(books(2), { prices: prices() });
    const calls = await callsOf();
    expect(calls.map(({ status, attempt, cost_microusd }) => [status, attempt, cost_microusd])).toEqual([
      ['ok', 2, 1000],
      ['ok', 2, 1000],
      ['failed', 1, 1000],
      ['failed', 1, 1000],
    ]);
  });

  it('that were cut short before their first tag are asked for with twice the room', async () => {
    const teacher = { baseUrl: server.baseUrl, model: 'cheap', params: { max_tokens: 50 } };
    server.end = (lines, { id }) => ({
      status: 'completed',
      output:
        id === 'batch_1'
          ? lines.map((line) => outputLine(line, completion('{"item', 'length')))
          : answers(lines),
    });
    await run(books(2), { teacher });
    expect(server.lines.get('batch_1')![0]!.body['max_tokens']).toBe(50);
    expect(server.lines.get('batch_2')![0]!.body['max_tokens']).toBe(100);
  });

  it('for want of a response format are asked for in a form that the server takes', async () => {
    server.end = (lines) => ({
      status: 'completed',
      output: lines
        .filter(({ body }) => (body['response_format'] as { type: string }).type === 'json_object')
        .map((line) => outputLine(line, tagsCompletion(line.body))),
      errors: lines
        .filter(({ body }) => (body['response_format'] as { type: string }).type !== 'json_object')
        .map((line) => outputLine(line, { error: { message: 'response_format is not supported' } }, 400)),
    });
    const report = await run(books(3));
    expect(report).toMatchObject({ nAnswers: 3, batch: { nRounds: 3 } });
    expect((await callsOf())[0]).toMatchObject({ rung: 'json_object' });
  });

  it('for a bad request are not asked for again', async () => {
    server.end = (lines) => ({
      status: 'completed',
      output: answers(lines.slice(1)),
      errors: lines
        .slice(0, 1)
        .map((line) => outputLine(line, { error: { message: 'image is broken' } }, 400)),
    });
    const report = await run(books(3));
    expect(report).toMatchObject({ nFailed: 1, failuresByClass: { bad_request: 1 } });
    expect(server.batches).toHaveLength(1);
  });

  it('for a model that is not there stop the run', async () => {
    server.end = () => ({
      status: 'failed',
      output: [],
      refusal: { code: 'model_not_found', message: 'The model `cheap` does not exist' },
    });
    await expect(run(books(3))).rejects.toMatchObject({
      code: 'E_TEACHER',
      message: expect.stringContaining('cheap') as string,
    });
    expect(server.batches).toHaveLength(1);
  });
});

describe('output that is not as it should be', () => {
  it('is counted and passed over: garbage, unknown questions, answers twice', async () => {
    server.end = (lines) => {
      const good = answers(lines);
      return {
        status: 'completed',
        output: [
          '{"custom_id": "cut',
          '[]',
          '\u0000\ud800 binary',
          ...good,
          good[0]!,
          outputLine({ custom_id: 'f'.repeat(32) }, completion('{}')),
          { custom_id: lines[0]!.custom_id },
        ],
      };
    };
    const report = await run(books(5));
    expect(report).toMatchObject({
      nAnswers: 5,
      nFailed: 0,
      batch: { nGarbage: 4, nUnknown: 1, nDuplicates: 1, nRequests: 5 },
    });
    expect(notices.join()).toContain('4 lines that cannot be read');
  });

  it('of lines whose body is no completion fails their questions alone', async () => {
    server.end = (lines) => ({
      status: 'completed',
      output: [
        outputLine(lines[0]!, { hello: 1 }),
        outputLine(lines[1]!, null as unknown as object),
        ...answers(lines.slice(2)),
      ],
    });
    const report = await run(books(5), { batch: { maxRounds: 1 } });
    expect(report).toMatchObject({ nAnswers: 3, nFailed: 2 });
  });
});
