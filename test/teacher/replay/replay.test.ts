import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArrowRows, readArrowSchema } from '../../../src/dataset/arrow-reader.js';
import { tablePath } from '../../../src/dataset/files.js';
import type { TableName, Tables } from '../../../src/dataset/schemas.js';
import { replayAnswers, type ReplayOptions, type TeachReport } from '../../../teacher/index.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'replay-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const lines = (name: string, rows: readonly unknown[]): string => {
  const path = join(dir, name);
  writeFileSync(path, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
  return path;
};

const rowsOf = async <Name extends TableName>(
  table: Name,
  out = join(dir, 'out'),
): Promise<Tables[Name][]> => {
  const rows: Tables[Name][] = [];
  for await (const batch of readArrowRows(tablePath(out, table), table)) rows.push(...batch);
  return rows;
};

const raw = (item: unknown[], user: unknown[] = ['reader']): string =>
  JSON.stringify({ item_tags: item, user_tags: user });
const items = [
  { id: '1', title: 'Emma', authors: ['Jane Austen'], text: 'A matchmaker errs.' },
  { id: 2, text: 'A whale hunt. 🐋' },
  { id: '3', text: 'Not tagged by anyone.' },
];
const answers = [
  {
    id: '1',
    sample: 0,
    known: true,
    raw: raw([
      ['Matchmaking', 0.9],
      ['england', 0.5],
    ]),
  },
  { id: 2, sample: 0, known: false, raw: raw(['whale', 'obsession']) },
  { id: '1', sample: 1, raw: raw([['matchmaking', 0.7]]) },
  { source: 'whale', direction: 'i2u', sample: 0, raw: '1. sailor (0.9)\n2. biologist (0.8)' },
  { source: 'sailor', direction: 'u2i', sample: 0, raw: '1. the sea (0.9)' },
];

const replay = (
  given: readonly unknown[] = answers,
  options: Partial<ReplayOptions> = {},
): Promise<TeachReport> =>
  replayAnswers({
    answers: lines('answers.jsonl', given),
    items: lines('items.jsonl', items),
    out: join(dir, 'out'),
    ...options,
  });

describe('replayAnswers', () => {
  it('makes a data set of items, calls, item tags and edges, and reports what came of it', async () => {
    const report = await replay();
    expect(report).toMatchObject({
      nItems: 3,
      nAnswers: 5,
      nUnparseable: 0,
      nProblems: 0,
      nNotes: 0,
      nEdges: 3,
    });
    expect(report.tags).toEqual({
      item: { nUses: 4, nRaw: 4, nNormalised: 4, nCanonical: 4 },
      user: { nUses: 2, nRaw: 1, nNormalised: 1, nCanonical: 1 },
    });
    expect(await rowsOf('items')).toMatchObject([
      { item_id: '1', text: 'Emma. Jane Austen. A matchmaker errs.', group: 'Jane Austen' },
      { item_id: '2', text: 'A whale hunt. 🐋', group: null, fields: '{"teacher_known":false}' },
      { item_id: '3', fields: null },
    ]);
    const calls = await rowsOf('calls');
    expect(calls).toHaveLength(5);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(5);
    expect(calls[0]).toMatchObject({
      ...{
        task: 'item2tag',
        source_id: '1',
        sample: 0,
        mode: 'replay',
        status: 'ok',
        prompt_id: 'unrecorded',
      },
      ...{
        model_requested: null,
        tokens_in: null,
        cost_microusd: null,
        started_at: null,
        raw_text: answers[0]!.raw,
      },
    });
    expect((await rowsOf('tag_edges')).map(({ source, target }) => [source, target])).toEqual([
      ['whale', 'sailor'],
      ['whale', 'biologist'],
      ['sailor', 'the sea'],
    ]);
  });

  it('gathers all samples of an item, wherever they stand, or only those asked for', async () => {
    await replay();
    const [first] = await rowsOf('item_tags');
    expect(first).toMatchObject({ tag_raw: 'Matchmaking', tag: 'matchmaking', votes: 2, samples: 2 });
    expect(first?.score).toBeCloseTo(0.8);
    await replay(answers, { itemTagSamples: [0], overwrite: true });
    expect((await rowsOf('item_tags'))[0]).toMatchObject({ votes: 1, samples: 1 });
    expect(await rowsOf('calls')).toHaveLength(5);
  });

  it('gives the same bytes for the same input', async () => {
    const digest = (): string[] =>
      readdirSync(join(dir, 'out')).map((name) =>
        createHash('sha256')
          .update(name)
          .update(readFileSync(join(dir, 'out', name)))
          .digest('hex'),
      );
    await replay();
    const once = digest();
    await replay(answers, { overwrite: true });
    expect(digest()).toEqual(once);
  });

  it('keeps the text of an answer that cannot be read, and counts it with its line', async () => {
    const report = await replay([...answers, { id: '3', raw: 'I cannot tag this.' }]);
    expect(report).toMatchObject({ nAnswers: 6, nUnparseable: 1, nProblems: 1 });
    expect(report.problems[0]?.message).toMatch(/answers\.jsonl:6: the answer cannot be read: no tags found/);
    expect((await rowsOf('calls')).at(-1)).toMatchObject({
      status: 'unparseable',
      raw_text: 'I cannot tag this.',
    });
    expect((await rowsOf('item_tags')).some(({ item_id }) => item_id === '3')).toBe(false);
  });

  it('counts every line that it cannot use, with its place', async () => {
    const report = await replay([
      answers[0],
      { id: '1', sample: 0, raw: raw(['other']) },
      { id: '99', raw: raw(['x']) },
      { id: '1', sample: 'two', raw: raw(['x']) },
      { id: '1', sample: -1, raw: raw(['x']) },
      { id: null, raw: raw(['x']) },
      { id: '2' },
      { id: '2', raw: { item_tags: ['x'] } },
      { source: 'x', direction: 'sideways', raw: '1. y' },
      { source: ' ', direction: 'i2u', raw: '1. y' },
      '{"id": ',
    ]);
    expect(report).toMatchObject({ nAnswers: 1, nProblems: 10 });
    const text = report.problems
      .map(({ message }) => message.slice(message.indexOf('answers.jsonl')))
      .join('\n');
    for (const expected of [
      /:2: item2tag "1", sample 0 is answered twice/,
      /:3: item "99" is not in .*items\.jsonl/,
      /:4: "sample" is no whole number/,
      /:5: "sample" is below 0/,
      /:6: "id" is no usable id/,
      /:7: "raw" is/,
      /:8: "raw" is not the answer's text/,
      /:9: "direction" is neither "i2u" nor "u2i"/,
      /:10: "source" is blank/,
      /:11: /,
    ]) {
      expect(text).toMatch(expected);
    }
  });

  it('stops at the first unusable line in strict mode, and leaves nothing behind', async () => {
    const run = replay([...answers, { id: '99', raw: raw(['x']) }], { strict: true });
    await expect(run).rejects.toMatchObject({ code: 'E_BAD_ROW', line: 6 });
    expect(readdirSync(dir).sort()).toEqual(['answers.jsonl', 'items.jsonl']);
  });

  it('counts a doubled item, and the first stands', async () => {
    const doubled = lines('doubled.jsonl', [...items, { id: '1', text: 'Again.' }]);
    const report = await replay(answers, { items: doubled });
    expect(report).toMatchObject({ nItems: 3, nProblems: 1 });
    expect(report.problems[0]?.message).toMatch(/doubled\.jsonl:4: id "1" stands twice/);
  });

  it('refuses answers of which none is usable, naming the first problem', async () => {
    await expect(replay([{ id: '99', raw: 'x' }])).rejects.toMatchObject({
      code: 'E_NO_ROWS',
      hint: expect.stringMatching(/item "99" is not in/) as string,
    });
    expect(existsSync(join(dir, 'out'))).toBe(false);
  });

  it('needs items for item2tag answers, and none for tag2tag answers', async () => {
    const path = lines('answers.jsonl', answers);
    const out = join(dir, 'out');
    await expect(replayAnswers({ answers: path, out })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      line: 1,
    });
    const report = await replayAnswers({ answers: lines('edges.jsonl', answers.slice(3)), out });
    expect(report).toMatchObject({ nItems: 0, nAnswers: 2, nEdges: 3, tags: {} });
  });

  it.each(['answers', 'items'])('names the file where %s are missing', async (which) => {
    const missing = join(dir, 'missing.jsonl');
    await expect(replay(answers, { [which]: missing })).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      file: missing,
    });
  });

  it('replays the calls of a data set to the same tags and edges, and keeps the calls as they are', async () => {
    await replay();
    const again = join(dir, 'again');
    const report = await replayAnswers({
      answers: tablePath(join(dir, 'out'), 'calls'),
      items: tablePath(join(dir, 'out'), 'items'),
      out: again,
    });
    expect(report).toMatchObject({ nItems: 3, nAnswers: 5, nProblems: 0 });
    for (const table of ['items', 'calls', 'item_tags', 'tag_edges'] as const) {
      expect(await rowsOf(table, again)).toEqual(await rowsOf(table));
    }
  });

  it('reads several files of answers in order', async () => {
    const files = [lines('a.jsonl', answers.slice(0, 2)), lines('b.jsonl', answers.slice(2))];
    expect(await replay(answers, { answers: files })).toMatchObject({ nAnswers: 5, nProblems: 0 });
  });

  it('counts what it could not use as given in usable answers', async () => {
    const report = await replay([{ id: '1', raw: raw([['x', 1.7]]) }]);
    expect(report).toMatchObject({
      nProblems: 0,
      nNotes: 1,
      notes: ['item2tag "1": strength 1.7 of "x" is outside [0, 1]'],
    });
  });

  it('states sources and split rule in the files', async () => {
    await replay(answers, { metadata: { teacher: 'someone' } });
    const { metadata } = await readArrowSchema(tablePath(join(dir, 'out'), 'item_tags'));
    expect(metadata.get('tagdistill.answers_sha256')).toMatch(/^[0-9a-f]{64}$/);
    expect(metadata.get('tagdistill.teacher')).toBe('someone');
    expect(metadata.get('tagdistill.split_rule')).toBe('seed 1, 0.1 validation, 0.15 test, by group');
  });

  it('does not write over a data set unless told to', async () => {
    await replay();
    await expect(replay()).rejects.toMatchObject({ code: 'E_FILE_EXISTS' });
  });

  it('reports progress, and stops when it is told to', async () => {
    const stages: string[] = [];
    await replay(answers, { onProgress: ({ stage }) => stages.push(stage) });
    expect(new Set(stages)).toEqual(new Set(['items', 'answers']));
    const run = replay(answers, { overwrite: true, signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});
