import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArrowSchema } from '../../../src/dataset/arrow-reader.js';
import { tablePath } from '../../../src/dataset/files.js';
import type { TableName, Tables } from '../../../src/dataset/schemas.js';
import {
  planTeacher,
  replayAnswers,
  runTeacher,
  type RunReport,
  type RunTeacherOptions,
} from '../../../teacher/index.js';
import { startAnsweringServer, type AnsweringServer } from './answering-server.js';
import { books, rowsOf as rowsIn, writeItems as writeItemsTo } from './asked-run.js';

let dir: string;
let server: AnsweringServer;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'run-'));
  server = await startAnsweringServer();
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const out = (): string => join(dir, 'out');
const writeItems = (items: readonly object[], name = 'items.jsonl'): string =>
  writeItemsTo(join(dir, name), items);

const run = (items: readonly object[], options: Partial<RunTeacherOptions> = {}): Promise<RunReport> =>
  runTeacher({
    teacher: { baseUrl: server.baseUrl, model: 'cheap' },
    items: writeItems(items),
    out: out(),
    overwrite: true,
    random: () => 0,
    ...options,
  });

const rowsOf = <Name extends TableName>(table: Name, folder = out()): Promise<Tables[Name][]> =>
  rowsIn(folder, table);
const hashes = (folder = out()): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
const prices = (): string => {
  const path = join(dir, 'prices.yaml');
  writeFileSync(
    path,
    'prices:\n  - {model: cheap, input: 1, output: 10}\n  - {model: strong, input: 10, output: 100}\n',
  );
  return path;
};

describe('runTeacher', () => {
  it('makes a data set of items, calls and tags, items in the order of their file', async () => {
    const report = await run(books(30));
    expect(report).toMatchObject({
      nItems: 30,
      nAnswers: 30,
      nNewAnswers: 30,
      nReused: 0,
      nRequests: 30,
      nFailed: 0,
      nUnparseable: 0,
      stopped: null,
      cost: null,
    });
    expect((await rowsOf('items')).map(({ item_id }) => item_id)).toEqual(books(30).map((_, i) => `b${i}`));
    const calls = await rowsOf('calls');
    expect(calls.map(({ source_id }) => source_id)).toEqual(books(30).map((_, i) => `b${i}`));
    expect(calls[0]).toMatchObject({
      task: 'item2tag',
      sample: 0,
      attempt: 1,
      prompt_id: 'item2tag.v1',
      model_requested: 'cheap',
      mode: 'online',
      status: 'ok',
      endpoint: server.baseUrl,
      tokens_in: 1000,
      tokens_out: 100,
      run_id: report.runId,
    });
    const tags = await rowsOf('item_tags');
    expect(tags[0]).toMatchObject({ item_id: 'b0', space: 'item', rank: 0, votes: 1, samples: 1 });
    expect(tags[0]?.call_keys).toEqual([calls[0]?.key]);
  });

  it('asks nothing when run again, and gives the same bytes', async () => {
    await run(books(12), { samples: 2 });
    const first = hashes();
    const report = await run(books(12), { samples: 2 });
    expect(report).toMatchObject({ nRequests: 0, nReused: 24, nAnswers: 24 });
    expect(hashes()).toEqual(first);
    expect(server.asked).toHaveLength(24);
  });

  it('asks about one added item alone, wherever it stands', async () => {
    await run(books(10));
    const report = await run([{ id: 'new', text: 'A new one.' }, ...books(10)]);
    expect(report).toMatchObject({ nItems: 11, nRequests: 1, nReused: 10 });
    expect(server.asked.at(-1)?.messages.at(-1)?.content).toBe('Text: "A new one."');
  });

  it('asks everything anew for another prompt, model or parameter', async () => {
    await run(books(3));
    const prompt = join(dir, 'mine.md');
    writeFileSync(prompt, '# user\n\nText: "{{text}}". Which tags?\n');
    expect(await run(books(3), { prompts: { item2tag: prompt } })).toMatchObject({ nRequests: 3 });
    const { baseUrl } = server;
    expect(await run(books(3), { teacher: { baseUrl, model: 'other' } })).toMatchObject({ nRequests: 3 });
    const teacher = { baseUrl, model: 'cheap', params: { temperature: 0.5 } };
    expect(await run(books(3), { teacher })).toMatchObject({ nRequests: 3 });
    expect(server.asked.at(-1)).toMatchObject({ temperature: 0.5 });
  });

  it('asks once for items of the same text, at the same moment too; the first row alone has the cost', async () => {
    const same = Array.from({ length: 20 }, (_, i) => ({ id: `s${i}`, text: 'The same.' }));
    const report = await run(same, { prices: prices() });
    expect(report).toMatchObject({ nItems: 20, nRequests: 1, nReused: 19, nAnswers: 20 });
    const calls = await rowsOf('calls');
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    expect(calls.map(({ cost_microusd }) => cost_microusd)).toEqual([2000, ...Array<null>(19).fill(null)]);
    const tags = await rowsOf('item_tags');
    expect(new Set(tags.map(({ item_id }) => item_id)).size).toBe(20);
  });

  it('never has more requests in flight than told', async () => {
    await run(books(60), { concurrency: 3 });
    expect(server.mostInFlight).toBeLessThanOrEqual(3);
  });

  it('counts votes over samples, and asks for each with a seed of its own', async () => {
    server.reply = ({ seed }) => ({
      kind: 'text',
      text: JSON.stringify({ item_tags: seed === 7 ? ['wine', 'oak'] : ['wine'], user_tags: ['baker'] }),
    });
    const teacher = { baseUrl: server.baseUrl, model: 'cheap', params: { seed: 7 } };
    await run(books(1), { samples: 3, teacher });
    expect(server.asked.map(({ seed }) => seed).sort()).toEqual([7, 8, 9]);
    const tags = await rowsOf('item_tags');
    expect(tags.map(({ tag, votes, samples }) => [tag, votes, samples])).toEqual([
      ['wine', 3, 3],
      ['oak', 1, 3],
      ['baker', 3, 3],
    ]);
  });

  it('keeps one bad item from ending the run: it is listed, stored as failed, and asked again next time', async () => {
    server.reply = ({ messages }) =>
      messages.at(-1)!.content.includes('book 3.') ? { kind: 'status', status: 400 } : { kind: 'tags' };
    const report = await run(books(6));
    expect(report).toMatchObject({
      nItems: 6,
      nFailed: 1,
      failuresByClass: { bad_request: 1 },
      nNewAnswers: 5,
    });
    expect(report.failures).toMatchObject([{ sourceId: 'b3', kind: 'bad_request' }]);
    expect((await rowsOf('calls')).filter(({ status }) => status === 'failed')).toMatchObject([
      { source_id: 'b3', raw_text: '', error: expect.stringContaining('bad_request') as string },
    ]);
    server.reply = () => ({ kind: 'tags' });
    expect(await run(books(6))).toMatchObject({ nRequests: 1, nFailed: 0, nReused: 5, nAnswers: 6 });
  });

  it('goes on after a server error', async () => {
    server.reply = (_, n) => (n === 1 ? { kind: 'status', status: 503 } : { kind: 'tags' });
    const report = await run(books(2), { concurrency: 1 });
    expect(report).toMatchObject({ nRequests: 3, nRetries: 1, retriesByClass: { server: 1 }, nFailed: 0 });
  });

  it('stops at once for a bad key, keeps what was answered, and says what to do', async () => {
    server.reply = (_, n) => (n > 4 ? { kind: 'status', status: 401 } : { kind: 'tags' });
    const error = await run(books(100), { concurrency: 2 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'E_TEACHER',
      hint: expect.stringContaining('run the same command') as string,
    });
    expect(server.asked.length).toBeLessThan(8);
    expect(existsSync(out())).toBe(false);
    server.reply = () => ({ kind: 'tags' });
    expect(await run(books(100))).toMatchObject({ nReused: 4, nItems: 100 });
  });

  it('stops when question after question fails', async () => {
    server.reply = () => ({ kind: 'status', status: 400 });
    await expect(run(books(500), { concurrency: 4 })).rejects.toMatchObject({
      code: 'E_TEACHER',
      message: expect.stringContaining('50 questions failed one after the other') as string,
    });
    expect(server.asked.length).toBeLessThan(60);
  });

  it('keeps an answer that cannot be read, as unparseable, and does not ask again', async () => {
    server.reply = () => ({ kind: 'text', text: 'I am sorry.' });
    await expect(run(books(1))).rejects.toMatchObject({ code: 'E_NO_ROWS' });
    server.reply = (body) =>
      body.messages.some(({ content }) => content.includes('book 1.'))
        ? { kind: 'text', text: 'I am sorry.' }
        : { kind: 'tags' };
    const report = await run(books(3));
    expect(report).toMatchObject({ nUnparseable: 2, nAnswers: 3, nItems: 3 });
    const nAsked = server.asked.length;
    await run(books(3));
    expect(server.asked).toHaveLength(nAsked);
    const failed = (await rowsOf('calls')).filter(({ status }) => status === 'failed');
    expect(failed[0]).toMatchObject({ raw_text: 'I am sorry.', tokens_out: 100 });
    expect(failed[0]?.error).toContain('asked again');
  });

  it('gives a cut answer twice the room, once', async () => {
    const cut = '{"item_tags": [{"tag": "wine", "score": 0.9}, {"tag": "oa';
    server.reply = ({ max_tokens }) =>
      max_tokens === 50 ? { kind: 'text', text: cut, finishReason: 'length' } : { kind: 'tags' };
    const teacher = { baseUrl: server.baseUrl, model: 'cheap', params: { max_tokens: 50 } };
    const report = await run(books(1), { teacher, prices: prices() });
    expect(report).toMatchObject({ nRequests: 2, nTruncated: 0, retriesByClass: { truncated: 1 } });
    const calls = await rowsOf('calls');
    expect(calls.map(({ status, params, cost_microusd }) => [status, params, cost_microusd])).toEqual([
      ['ok', '{"max_tokens":100}', 2000],
      ['failed', '{"max_tokens":50}', 2000],
    ]);
    expect(report.cost).toEqual({ measuredMicrousd: 4000, estimatedMicrousd: 0 });
  });

  it('keeps the whole tags of a cut answer where more room does not help', async () => {
    const cut = '{"item_tags": [{"tag": "wine", "score": 0.9}, {"tag": "oa';
    server.reply = ({ max_tokens }) =>
      max_tokens === 50
        ? { kind: 'text', text: cut, finishReason: 'length' }
        : { kind: 'status', status: 400 };
    const teacher = { baseUrl: server.baseUrl, model: 'cheap', params: { max_tokens: 50 } };
    expect(await run(books(1), { teacher })).toMatchObject({ nTruncated: 1, nFailed: 0 });
    expect((await rowsOf('item_tags')).map(({ tag }) => tag)).toEqual(['wine']);
  });

  it('stops before the budget is passed, and writes the items that are answered', async () => {
    // A call costs 2,000 micro-dollars and may cost more.
    const report = await run(books(50), { prices: prices(), budgetMicrousd: 21_000, concurrency: 4 });
    expect(report.stopped).toMatchObject({ reason: 'budget' });
    expect(report.cost!.measuredMicrousd).toBeLessThanOrEqual(21_000);
    expect(report.nItems).toBeGreaterThan(4);
    expect(report.nItems).toBe(report.nNewAnswers);
    expect(report.nItemsLeftOut).toBe(50 - report.nItems);
    const rest = await run(books(50), { prices: prices(), budgetMicrousd: 1e9 });
    expect(rest).toMatchObject({ stopped: null, nItems: 50, nReused: report.nItems });
    expect(rest.journalMicrousd).toBe(100_000);
  });

  it('refuses a budget without a price', async () => {
    await expect(run(books(1), { budgetMicrousd: 1 })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
    expect(server.asked).toEqual([]);
  });

  it('stops in order once the tags of the last items are known', async () => {
    const report = await run(books(400), { stopWhenRecall: 0.99, recallWindow: 20, concurrency: 2 });
    expect(report.stopped).toMatchObject({ reason: 'recall' });
    expect(report.growth.item?.recall).toBeGreaterThanOrEqual(0.99);
    expect(report.nItems).toBeLessThan(100);
  });

  it('asks the strong model where the samples of the cheap one disagree, and takes its tags', async () => {
    server.reply = ({ model, seed, messages }) => {
      const isHard = /book [02468]\./u.test(messages.at(-1)!.content);
      const item = model === 'strong' ? 'violin' : isHard && seed === 1 ? 'oak' : 'wine';
      return { kind: 'text', text: JSON.stringify({ item_tags: [item], user_tags: [item] }) };
    };
    const report = await run(books(10), {
      teacher: { baseUrl: server.baseUrl, model: 'cheap', params: { seed: 0 } },
      strong: { baseUrl: server.baseUrl, model: 'strong' },
      prices: prices(),
    });
    expect(report.cascade).toEqual({
      strongModel: 'strong',
      nSources: 10,
      nEscalated: 5,
      shareEscalated: 0.5,
      meanAgreement: 0.5,
      allStrongMicrousd: 200_000,
      costMicrousd: 20 * 2000 + 5 * 20_000,
    });
    const tags = (await rowsOf('item_tags')).filter(({ space }) => space === 'item');
    expect(tags.map(({ tag }) => tag)).toEqual(books(10).map((_, i) => (i % 2 === 0 ? 'violin' : 'wine')));
    const calls = await rowsOf('calls');
    expect(calls.slice(0, 3).map(({ model_requested, sample }) => [model_requested, sample])).toEqual([
      ['cheap', 0],
      ['cheap', 1],
      ['strong', 2],
    ]);
  });

  it('asks about the tags of the items, the most used first, into edges', async () => {
    const report = await run(books(20), { tasks: ['item2tag', 'i2u', 'u2i'], minUses: 2, maxTags: 3 });
    expect(report.nEdges).toBeGreaterThan(5);
    const uses = new Map<string, number>();
    for (const { space, tag } of await rowsOf('item_tags')) {
      if (space === 'item') uses.set(tag, (uses.get(tag) ?? 0) + 1);
    }
    const byUse = [...uses].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3);
    const edges = await rowsOf('tag_edges');
    const sources = new Set(edges.filter(({ direction }) => direction === 'i2u').map(({ source }) => source));
    expect([...sources]).toEqual(byUse.map(([tag]) => tag));
    expect(await run(books(20), { tasks: ['item2tag', 'i2u', 'u2i'], minUses: 2, maxTags: 3 })).toMatchObject(
      {
        nRequests: 0,
      },
    );
  });

  it('asks about given tags without items', async () => {
    const tags = join(dir, 'tags.txt');
    writeFileSync(tags, 'violin\nwine\n');
    const report = await runTeacher({
      teacher: { baseUrl: server.baseUrl, model: 'cheap' },
      tasks: ['i2u'],
      tags,
      out: out(),
    });
    expect(report).toMatchObject({ nItems: 0, nRequests: 2 });
    expect(new Set((await rowsOf('tag_edges')).map(({ source }) => source))).toEqual(
      new Set(['violin', 'wine']),
    );
  });

  it('ends in order when it is interrupted: calls in flight are kept, and --offline makes a data set of them', async () => {
    const stop = new AbortController();
    server.reply = (_, n) => {
      if (n < 6) return { kind: 'tags' };
      setImmediate(() => {
        stop.abort();
        setImmediate(() => server.letGo());
      });
      return { kind: 'hold' };
    };
    const error = await run(books(50), { concurrency: 1, signal: stop.signal }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'E_ABORTED', hint: expect.stringContaining('6 answers') as string });
    expect(existsSync(out())).toBe(false);
    const report = await run(books(50), { offline: true });
    expect(report).toMatchObject({
      nItems: 6,
      nItemsLeftOut: 44,
      nRequests: 0,
      stopped: { reason: 'offline' },
    });
    server.reply = () => ({ kind: 'tags' });
    expect(await run(books(50))).toMatchObject({ nReused: 6, nRequests: 44, nItems: 50 });
  });

  it('refuses an occupied place and bad options before it asks anything', async () => {
    await run(books(1));
    const nAsked = server.asked.length;
    await expect(run(books(2), { overwrite: false })).rejects.toMatchObject({ code: 'E_FILE_EXISTS' });
    await expect(run(books(2), { tasks: [] })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
    await expect(run(books(2), { samples: 0 })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
    const teacher = { baseUrl: 'http://me:secret@localhost/v1', model: 'cheap' };
    await expect(run(books(2), { teacher })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
    expect(server.asked).toHaveLength(nAsked);
  });

  it('says what is wrong where no item can be asked about, before it asks anything', async () => {
    await expect(run([{ text: 'No id.' }])).rejects.toMatchObject({
      code: 'E_NO_ROWS',
      message: expect.stringContaining('1 unusable, 0 below') as string,
      hint: expect.stringContaining('items.jsonl:1: no usable id') as string,
    });
    const rare = [{ id: 'a', text: 'Rare.', exposure: 3 }];
    await expect(run(rare, { minExposure: 5 })).rejects.toMatchObject({
      code: 'E_NO_ROWS',
      message: expect.stringContaining('0 unusable, 1 below') as string,
    });
    expect(server.asked).toEqual([]);
  });

  it('says what failed first, and what to do, where no answer is usable', async () => {
    server.reply = () => ({ kind: 'status', status: 400, body: { error: { message: 'too long' } } });
    await expect(run(books(2))).rejects.toMatchObject({
      code: 'E_NO_ROWS',
      hint: expect.stringMatching(/too long\. See what the server says/) as string,
    });
  });

  it('counts rows that are no items, and tells where they stand', async () => {
    const report = await run([{ id: 'a', text: 'One.' }, { text: 'No id.' }, { id: 'a', text: 'Again.' }]);
    expect(report).toMatchObject({ nItems: 1, nProblems: 2 });
    expect(report.problems.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('writes the key nowhere, and all it takes to ask the same again into the metadata', async () => {
    const teacher = {
      baseUrl: server.baseUrl,
      model: 'cheap',
      apiKey: 'sk-very-secret',
      params: { top_p: 0.9 },
    };
    await run(books(2), { teacher, samples: 2 });
    expect([...server.keys]).toEqual(['Bearer sk-very-secret']);
    const files = [out(), `${out()}.journal`].flatMap((folder) =>
      readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')),
    );
    expect(files.length).toBeGreaterThan(5);
    for (const text of files) expect(text).not.toContain('very-secret');
    const { metadata } = await readArrowSchema(tablePath(out(), 'calls'));
    expect(JSON.parse(metadata.get('tagdistill.teacher')!)).toEqual({
      base_url: server.baseUrl,
      model: 'cheap',
      params: { top_p: 0.9 },
    });
    expect(metadata.get('tagdistill.samples')).toBe('2');
    expect(metadata.get('tagdistill.prompt.item2tag.v1')).toContain('# user');
  });

  it('makes a data set that replays into the same tags', async () => {
    await run(books(8), { samples: 2 });
    await replayAnswers({
      answers: tablePath(out(), 'calls'),
      items: tablePath(out(), 'items'),
      out: join(dir, 'again'),
    });
    expect(await rowsOf('item_tags', join(dir, 'again'))).toEqual(await rowsOf('item_tags'));
  });
});

describe('planTeacher', () => {
  const plan = (items: readonly object[]) =>
    planTeacher({
      teacher: { baseUrl: server.baseUrl, model: 'cheap' },
      items: writeItems(items),
      out: out(),
      prices: prices(),
    });

  it('tells calls and cost without asking, and what the journal has', async () => {
    const before = await plan(books(10));
    expect(before.plans).toMatchObject([
      { task: 'item2tag', plan: { nQuestions: 10, nCached: 0, nCalls: 10 } },
    ]);
    expect(before.plans[0]!.plan.costMicrousd!.p50).toBeGreaterThan(0);
    expect(server.asked).toEqual([]);
    expect(readdirSync(dir)).not.toContain('out.journal');
    await run(books(4));
    const after = await plan(books(10));
    expect(after.plans).toMatchObject([{ plan: { nQuestions: 10, nCached: 4, nCalls: 6 } }]);
  });

  it('counts items of the same text once', async () => {
    const { plans } = await plan([
      { id: 1, text: 'Same.' },
      { id: 2, text: 'Same.' },
    ]);
    expect(plans).toMatchObject([{ plan: { nQuestions: 2, nCalls: 1 } }]);
  });
});
