import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_FORMAT_VERSION } from '../../src/bundle/manifest.js';
import { smallItems } from '../support/small-dataset.js';
import { runCli } from './run-cli.js';

let dir: string;
const cli = (args: readonly string[], input?: string) =>
  runCli(args, { cwd: dir, ...(input !== undefined && { input }) });
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const lines = (text: string): Record<string, unknown>[] => text.trim().split('\n').map(json);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-cli-'));
  const rows = smallItems(120).map(({ id, text, itemTags, userTags }) => {
    return JSON.stringify({ id, text, item_tags: itemTags, user_tags: userTags, shelf: 3 });
  });
  await writeFile(join(dir, 'labels.jsonl'), `\ufeff${rows.join('\r\n')}\r\n`);
  await writeFile(join(dir, 'tags.jsonl'), '{"id":7,"text":"wine and grapes","tags":["vineyard"]}\n');
  expect((await cli(['import', 'labels.jsonl', '--out', 'data', '--test-share', '0.1'])).code).toBe(0);
  expect(
    (await cli(['train', 'data', '--out', 'student', '--encoder', 'none', '--dims', '16', '--threads', '1']))
      .code,
  ).toBe(0);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('tagdistill', () => {
  it.each(['demo', 'teach', 'import', 'tags', 'train', 'evaluate', 'score', 'inspect'])(
    '%s has help with an example, and --json',
    async (command) => {
      const { code, stdout } = await cli([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}\$ tagdistill /);
      expect(stdout).toContain('--json');
    },
  );

  it('ends with 2 for a command or option that there is not, and says how to get help', async () => {
    expect(await cli(['bogus'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--help') });
    expect(await cli(['train', 'data'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'--out <folder>'"),
    });
    expect((await cli(['score', 'student', '--items', 'x', '--top-k', '0'])).code).toBe(2);
  });

  it('prints no colour codes and no progress into a pipe', async () => {
    const { stdout, stderr } = await cli(['evaluate', 'student', '--labels', 'data']);

    expect(stdout + stderr).not.toMatch(/\u001b/);
    expect(stderr).toBe('');
  });

  it('prints errors as one JSON line with --json', async () => {
    const { code, stdout, stderr } = await cli(['evaluate', 'nowhere', '--labels', 'labels.jsonl', '--json']);
    expect([code, stdout]).toEqual([1, '']);
    expect(json(stderr)).toMatchObject({ error: { code: 'E_BUNDLE_MISSING', file: 'nowhere' } });
  });
});

describe('import', () => {
  it('counts items, splits and tags as --json alone on standard output', async () => {
    const { stdout } = await cli(['import', 'labels.jsonl', '--out', 'counted', '--json']);
    expect(json(stdout)).toMatchObject({
      nItems: 120,
      nProblems: 0,
      tags: { item: { nUses: 240, nDistinct: 5 } },
    });
  });

  it('names line, reason and next step of each row that it leaves out, and keeps the rest', async () => {
    const rows = [
      '{"id":"1","text":"fine","tags":["a",["b",0.5],{"tag":"c","score":1}]}',
      '{"id":"1","text":"again","tags":[]}',
      'not json',
      '{"id":"2","text":" ","tags":["x"]}',
      '{"id":"3","text":"ok","tags":"x"}',
      '{"id":"4","text":"ok","item_tags":[["x",1.5]]}',
      '{"id":"5","text":"ok","item_tags":[["x","NaN"]]}',
      '[1]',
      '{"text":"no id","tags":[]}',
      '{"id":"历","text":"历史 🧑‍🏫","tags":["历史"]}',
    ];
    await writeFile(
      join(dir, 'bad.jsonl'),
      Buffer.concat([Buffer.from(rows.join('\n') + '\n'), Buffer.from([0xff, 10])]),
    );
    const { code, stdout, stderr } = await cli(['import', 'bad.jsonl', '--out', 'bad', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const { nItems, nProblems, problems } = json(stdout) as {
      nItems: number;
      nProblems: number;
      problems: { message: string; hint: string }[];
    };
    expect([nItems, nProblems]).toEqual([2, 9]);
    expect(problems.map(({ message }) => message)).toEqual([
      'bad.jsonl:2: the id "1" stands twice; line 1 has it first',
      expect.stringMatching(/^bad\.jsonl:3: invalid JSON/),
      'bad.jsonl:4: "text" is empty',
      'bad.jsonl:5: "tags" should be a list of tags, found "x"',
      'bad.jsonl:6: "item_tags"[0]: the strength of "x" should be a number from 0 to 1, found 1.5',
      'bad.jsonl:7: "item_tags"[0]: the strength of "x" should be a number from 0 to 1, found "NaN"',
      'bad.jsonl:8: no JSON object: [1]',
      'bad.jsonl:9: "id" should be a text or a number, found nothing',
      'bad.jsonl:11: the line is not valid UTF-8',
    ]);
    expect(problems.every(({ hint }) => hint !== '')).toBe(true);

    const strict = await cli(['import', 'bad.jsonl', '--out', 'strict', '--strict']);
    expect(strict).toMatchObject({ code: 1, stderr: expect.stringContaining('bad.jsonl:2:') });
    expect(await readdir(dir)).not.toContain('strict');
    const people = await cli(['import', 'bad.jsonl', '--out', 'people']);
    expect(people.stderr).toContain('9 rows were left out; --strict stops at the first');
  });

  it('says what is wrong with files that are missing, empty, of an unknown kind, or hold nothing usable', async () => {
    await writeFile(join(dir, 'empty.jsonl'), '');
    await writeFile(join(dir, 'none.jsonl'), '{"id":"1","text":"x"}\n');
    await writeFile(join(dir, 'what.xlsx'), 'x');
    await writeFile(join(dir, 'quotes.csv'), 'id,text,tags\n1,"never closed,a\n');
    await writeFile(join(dir, 'cut.jsonl.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1]));
    await writeFile(join(dir, 'cut.parquet'), 'PAR1 and no more');
    for (const [file, code] of [
      ['gone.jsonl', 'E_FILE_MISSING'],
      ['empty.jsonl', 'E_FILE_EMPTY'],
      ['none.jsonl', 'E_NO_ROWS'],
      ['what.xlsx', 'E_FILE_FORMAT'],
      ['quotes.csv', 'E_FILE_FORMAT'],
      ['cut.jsonl.gz', 'E_FILE_FORMAT'],
      ['cut.parquet', 'E_FILE_FORMAT'],
    ] as const) {
      const result = await cli(['import', file, '--out', 'never', '--json']);
      expect(result.code, file).toBe(1);
      expect(json(result.stderr)).toMatchObject({ error: { code, file, hint: expect.any(String) } });
    }
    expect(await readdir(dir)).not.toContain('never');
  });

  it('does not replace a data set unless told to, and never anything else', async () => {
    const again = await cli(['import', 'tags.jsonl', '--out', 'data']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('--overwrite') });
    const other = await cli(['import', 'tags.jsonl', '--out', 'student', '--overwrite']);
    expect(other.code).toBe(1);
    expect((await cli(['import', 'tags.jsonl', '--out', 'twice'])).code).toBe(0);
    expect((await cli(['import', 'tags.jsonl', '--out', 'twice', '--overwrite'])).code).toBe(0);
  });

  it('reads CSV with lists as JSON or with bars, and TSV, into the same data set', async () => {
    await writeFile(
      join(dir, 'a.csv'),
      'id,text,tags\n1,"wine, red",vineyard|grape\n2,apples,"[""orchard""]"\n3,short\n',
    );
    await writeFile(join(dir, 'a.tsv'), 'id\ttext\ttags\n1\twine, red\tvineyard;grape\n2\tapples\torchard\n');
    const csv = json((await cli(['import', 'a.csv', '--out', 'csv', '--json'])).stdout);
    const tsv = json((await cli(['import', 'a.tsv', '--out', 'tsv', '--json'])).stdout);
    expect(csv).toMatchObject({ nItems: 2, nProblems: 1, tags: { item: { nUses: 3, nDistinct: 3 } } });
    expect(tsv).toMatchObject({ nItems: 2, nProblems: 0, tags: { item: { nUses: 3, nDistinct: 3 } } });
    expect(await readFile(join(dir, 'csv', 'item_tags.arrow'))).toEqual(
      await readFile(join(dir, 'tsv', 'item_tags.arrow')),
    );
  });
});

describe('tags', () => {
  it('chooses a cover set and writes it beside the other tables', async () => {
    const { stdout } = await cli(['tags', 'data', '--write', '--json']);
    expect(json(stdout)).toMatchObject({
      item: { nRaw: 5, recall: 1, coverSet: [{ tag: 'narrative', itemsCovered: 120 }] },
    });
    expect(await readdir(join(dir, 'data'))).toContain('cover_set.arrow');
    expect((await cli(['tags', 'data', '--top', '2'])).stdout).toContain('narrative');
  });
});

describe('evaluate', () => {
  it('gives every metric a space, and the share outside the vocabulary', async () => {
    const report = json(
      (await cli(['evaluate', 'student', '--labels', 'labels.jsonl', '--json', '--slice-by', 'shelf']))
        .stdout,
    );
    expect(report).toMatchObject({ labelSpace: 'raw', nItems: 120, depth: 20 });
    const { item } = report['spaces'] as Record<
      string,
      { means: Record<string, number>; outsideVocabulary: number; slices: object }
    >;
    expect(Object.keys(item!.means)).toEqual([
      'P@1',
      'P@3',
      'P@5',
      'nDCG@1',
      'nDCG@3',
      'nDCG@5',
      'nDCG@10',
      'Recall@10',
      'MRR',
    ]);
    expect(item!.means['nDCG@5']).toBeGreaterThan(0.9);
    expect(item!.outsideVocabulary).toBe(0);
    expect(Object.keys(item!.slices)).toEqual(['3']);
  });

  it('leaves out the space that the labels lack', async () => {
    const report = json((await cli(['evaluate', 'student', '--labels', 'tags.jsonl', '--json'])).stdout);
    expect(Object.keys(report['spaces'] as object)).toEqual(['item']);
  });
});

describe('score', () => {
  it('writes a line an item in the order of the input, from a file or standard input', async () => {
    const { code } = await cli([
      'score',
      'student',
      '--items',
      'labels.jsonl',
      '--out',
      'out.jsonl',
      '--top-k',
      '2',
    ]);
    expect(code).toBe(0);
    const rows = lines(await readFile(join(dir, 'out.jsonl'), 'utf8'));
    expect(rows.map(({ id }) => id)).toEqual(smallItems(120).map(({ id }) => id));
    expect(Object.keys(rows[0]!)).toEqual(['id', 'item_tags', 'user_tags']);
    expect(rows[0]!['item_tags']).toHaveLength(2);
    const piped = await cli(
      ['score', 'student', '--items', '-', '--top-k', '1', '--space', 'item'],
      '{"id":7,"text":"wine"}\n',
    );
    expect(lines(piped.stdout)).toEqual([
      { id: '7', item_tags: [{ tag: expect.any(String), score: expect.any(Number) }] },
    ]);
  });

  it('reports rows that it cannot score and goes on; --strict stops and leaves no file', async () => {
    await writeFile(
      join(dir, 'some.jsonl'),
      '{"id":"1","text":"wine"}\n{"id":"2","text":""}\n{"id":"3"}\nx\n{"id":"4","text":"sonar"}\n',
    );
    const { code, stdout, stderr } = await cli(['score', 'student', '--items', 'some.jsonl']);
    expect(code).toBe(0);
    expect(lines(stdout).map(({ id }) => id)).toEqual(['1', '4']);
    expect(stderr).toContain('3 rows were left out');
    expect(stderr).toContain('some.jsonl:2: "text" is empty');
    const strict = await cli([
      'score',
      'student',
      '--items',
      'some.jsonl',
      '--out',
      'strict.jsonl',
      '--strict',
    ]);
    expect(strict).toMatchObject({ code: 1, stderr: expect.stringContaining('some.jsonl:2:') });
    expect((await readdir(dir)).filter((name) => name.startsWith('strict.jsonl'))).toEqual([]);
  });

  it('tags one text for people, or as JSON', async () => {
    const people = await cli(['score', 'student', '--text', 'grape harvest and wine']);
    expect(people.stdout).toMatch(/^item tag +score\n/);
    const machine = json(
      (await cli(['score', 'student', '--text', 'sonar torpedo', '--top-k', '1', '--json'])).stdout,
    );
    expect(machine).toMatchObject({ item_tags: [{ tag: 'submarine' }], user_tags: [{}] });
  });

  it('refuses a bundle whose file was changed, cut short, or is of another version, and names the file', async () => {
    const copy = join(dir, 'broken');
    await cp(join(dir, 'student'), copy, { recursive: true });
    await truncate(join(copy, 'tags.jsonl'), 50);
    const cut = await cli(['score', 'broken', '--text', 'x', '--json']);
    expect(json(cut.stderr)).toMatchObject({
      error: { code: 'E_BUNDLE_CHECKSUM', file: join('broken', 'tags.jsonl') },
    });
    await writeFile(join(copy, 'manifest.json'), '{"formatVersion": 99}');
    const version = await cli(['inspect', 'broken', '--json']);
    expect(json(version.stderr)).toMatchObject({
      error: { code: 'E_BUNDLE_VERSION', hint: expect.any(String) },
    });
  });

  it('asks for a file or a text', async () => {
    expect(await cli(['score', 'student'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--items and --text'),
    });
  });
});

describe('inspect', () => {
  it('tells data set, bundle and Arrow file apart', async () => {
    expect(json((await cli(['inspect', 'data', '--json'])).stdout)).toMatchObject({
      kind: 'dataset',
      nItems: 120,
    });
    expect(json((await cli(['inspect', 'student', '--json'])).stdout)).toMatchObject({
      kind: 'bundle',
      formatVersion: BUNDLE_FORMAT_VERSION,
    });
    expect(json((await cli(['inspect', join('data', 'items.arrow'), '--json'])).stdout)).toMatchObject({
      kind: 'arrow',
      nRows: 120,
    });
    expect((await cli(['inspect', 'data'])).stdout).toContain('120 items');
  });

  it('says that an Arrow file was cut short, with its size', async () => {
    await cp(join(dir, 'data', 'items.arrow'), join(dir, 'cut.arrow'));
    await truncate(join(dir, 'cut.arrow'), 400);
    const { code, stderr } = await cli(['inspect', 'cut.arrow']);
    expect(code).toBe(1);
    expect(stderr).toContain('cut.arrow: the Arrow file is cut short: its 400 bytes have no end mark');
  });
});

describe('teach', () => {
  it('replays recorded answers, counts what it cannot read, and keeps its text', async () => {
    await writeFile(join(dir, 'items.jsonl'), '{"id":"1","title":"T","text":"about wine"}\n');
    const raw = JSON.stringify({ item_tags: [{ tag: 'Wine', score: 0.9 }], user_tags: ['sommelier'] });
    await writeFile(
      join(dir, 'answers.jsonl'),
      `${JSON.stringify({ id: '1', sample: 0, raw })}\n${JSON.stringify({ id: '1', sample: 1, raw: '' })}\n`,
    );
    const args = [
      'teach',
      '--replay',
      'answers.jsonl',
      '--items',
      'items.jsonl',
      '--out',
      'taught',
      '--json',
    ];
    const report = json((await cli(args)).stdout);
    expect(report).toMatchObject({ nItems: 1, nAnswers: 2, nUnparseable: 1, nProblems: 1 });
    const inspected = json((await cli(['inspect', join('taught', 'calls.arrow'), '--json'])).stdout);
    expect(inspected).toMatchObject({ nRows: 2 });
  });

  it('asks for a teacher or recorded answers', async () => {
    const { code, stderr } = await cli(['teach', '--out', 'live']);
    expect(code).toBe(1);
    expect(stderr).toContain('--replay');
  });
});
