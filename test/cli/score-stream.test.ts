import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagePath } from '../../src/core/package-info.js';
import { trainSmallStudent } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli, type CliResult } from './run-cli.js';

const folder = temporaryFolder();
const score = (args: readonly string[], input?: string): Promise<CliResult> =>
  runCli(['score', 'student', ...args], { cwd: folder.path('.'), ...(input !== undefined && { input }) });
const idsOf = (jsonl: string): unknown[] =>
  jsonl
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: unknown }).id);
const leftOf = async (name: string): Promise<string[]> =>
  (await readdir(folder.path('.'))).filter((file) => file.startsWith(name));

/** Start the command with its standard input open, as a program that writes to it sees it. */
function startScore(args: readonly string[]): ChildProcessWithoutNullStreams {
  const main = packagePath('src', 'cli', 'main.ts');
  const node = ['--import', import.meta.resolve('tsx'), main, 'score', 'student', '--items', '-', ...args];
  return spawn(process.execPath, node, { cwd: folder.path('.') });
}

const row = (i: number): string => `${JSON.stringify({ id: `书-${i}`, text: `grape harvest ${i} 🍇` })}\n`;

beforeAll(() => trainSmallStudent(folder.path('data'), folder.path('student')));

describe('score, streaming', () => {
  it('writes scores while the input is still open', async () => {
    const child = startScore(['--top-k', '1']);
    for (let i = 0; i < 100; i++) child.stdin.write(row(i));
    const [first] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(first).toMatch(/^\{"id":"书-0","item_tags":\[/);
    let rest = '';
    child.stdout.on('data', (text: string) => (rest += text));
    child.stdin.end(row(100));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    expect(idsOf(first + rest)).toEqual(Array.from({ length: 101 }, (_, i) => `书-${i}`));
  });

  it('ends with 130 on Ctrl-C although the input is still open, and leaves no file', async () => {
    const child = startScore(['--out', 'stopped.jsonl']);
    child.stdin.on('error', () => undefined);
    for (let i = 0; i < 100; i++) child.stdin.write(row(i));
    // The file under its temporary name shows that the command is at work.
    while ((await leftOf('stopped.jsonl.tmp-')).length === 0) await new Promise(setImmediate);
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(130);
    expect(await leftOf('stopped.jsonl')).toEqual([]);
  });

  it('ends quietly where the reader has seen enough', async () => {
    const child = startScore(['--top-k', '1']);
    child.stdin.on('error', () => undefined);
    for (let i = 0; i < 2000; i++) child.stdin.write(row(i));
    child.stdin.end();
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('keeps the order of many rows, from a file with a byte order mark and carriage returns', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => row((i * 37) % 500).replace('\n', '\r\n'));
    await folder.write('in.jsonl', `\ufeff${rows.join('')}`);
    const { code, stdout, stderr } = await score(['--items', 'in.jsonl', '--out', 'out.jsonl', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ out: 'out.jsonl', nItems: 500, nProblems: 0, problems: [] });
    const written = await readFile(folder.path('out.jsonl'), 'utf8');
    expect(idsOf(written)).toEqual(rows.map((_, i) => `书-${(i * 37) % 500}`));
  });
});

describe('score, rows', () => {
  it('scores CSV as it scores JSONL', async () => {
    await folder.write('a.jsonl', '{"id":"1","text":"wine, \\"dry\\""}\n{"id":"2","text":"sonar crew"}\n');
    await folder.write('a.csv', 'id,text\n1,"wine, ""dry"""\n2,sonar crew\n');
    const [jsonl, csv] = [await score(['--items', 'a.jsonl']), await score(['--items', 'a.csv'])];
    expect(jsonl.stdout).not.toBe('');
    expect(csv.stdout).toBe(jsonl.stdout);
  });

  it('tells rows left out with --json as one line on standard error, an id that comes twice among them', async () => {
    await folder.write(
      'twice.jsonl',
      '{"id":"1","text":"wine"}\n{"id":1,"text":"sonar"}\n{"id":"2","text":" "}\n',
    );
    const { code, stdout, stderr } = await score(['--items', 'twice.jsonl', '--json']);
    expect(code).toBe(0);
    expect(idsOf(stdout)).toEqual(['1']);
    expect(JSON.parse(stderr)).toMatchObject({
      nProblems: 2,
      problems: [
        { message: 'twice.jsonl:2: the id "1" stands twice; line 1 has it first', hint: expect.any(String) },
        { message: 'twice.jsonl:3: "text" is empty' },
      ],
    });
  });

  it('fails where no row can be scored, and leaves no file', async () => {
    const { code, stderr } = await score(['--items', '-', '--out', 'none.jsonl'], '{"id":"1"}\n');
    expect(code).toBe(1);
    expect(stderr).toMatch(/no usable row.*\n {2}next: .*:1: "text" should be a text, found nothing/);
    expect(await leftOf('none.jsonl')).toEqual([]);
  });

  it('leaves an older output as it was when the new one fails', async () => {
    await folder.write('kept.jsonl', 'old\n');
    await folder.write('bad.jsonl', `${row(1)}not json\n`);
    const { code } = await score(['--items', 'bad.jsonl', '--out', 'kept.jsonl', '--strict']);
    expect(code).toBe(1);
    expect(await readFile(folder.path('kept.jsonl'), 'utf8')).toBe('old\n');
  });

  it.each([
    [['--items', 'in.jsonl', '--out', 'nowhere/out.jsonl'], 'E_FILE_WRITE'],
    [['--items', 'in.jsonl', '--out', 'student'], 'E_FILE_WRITE'],
    [['--text', ' '], 'E_BAD_INPUT'],
    [['--text', 'wine', '--items', 'in.jsonl'], 'E_BAD_OPTION'],
  ])('refuses %j', async (args, code) => {
    const result = await score([...args, '--json']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code, hint: expect.any(String) } });
  });
});
