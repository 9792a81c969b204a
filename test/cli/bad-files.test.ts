import { cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_FILES } from '../../src/bundle/manifest.js';
import { trainSmallStudent } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();

/** Run a command that must fail, with --json, and give its error. */
async function errorOf(args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runCli([...args, '--json'], { cwd: folder.path('.') });
  expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
  const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
  expect(error, 'every error tells the next step').toMatchObject({ hint: expect.any(String) });
  return error;
}

/** Copy a folder and change one file of the copy. */
async function broken(
  from: string,
  name: string,
  file: string,
  change: (bytes: Buffer) => string | Uint8Array,
) {
  await cp(folder.path(from), folder.path(name), { recursive: true });
  const path = folder.path(`${name}/${file}`);
  await writeFile(path, change(await readFile(path)));
}

beforeAll(async () => {
  await trainSmallStudent(folder.path('data'), folder.path('student'));
  await folder.write('empty.jsonl', '');
  await folder.write('items.jsonl', '{"id":"1","text":"wine"}\n');
  await folder.write('answers.jsonl', '{"id":"1","sample":0,"raw":"[]"}\n');
});

describe('a missing or empty file', () => {
  it.each([
    [['import', 'gone.jsonl', '--out', 'x'], 'E_FILE_MISSING', 'gone.jsonl'],
    [
      ['teach', '--replay', 'gone.jsonl', '--items', 'items.jsonl', '--out', 'x'],
      'E_FILE_MISSING',
      'gone.jsonl',
    ],
    [
      ['teach', '--replay', 'answers.jsonl', '--items', 'gone.jsonl', '--out', 'x'],
      'E_FILE_MISSING',
      'gone.jsonl',
    ],
    [['tags', 'gone'], 'E_FILE_MISSING', 'gone/items.arrow'],
    [['train', 'gone', '--out', 'x'], 'E_FILE_MISSING', 'gone/items.arrow'],
    [['evaluate', 'gone', '--labels', 'data'], 'E_BUNDLE_MISSING', 'gone'],
    [['evaluate', 'student', '--labels', 'gone.jsonl'], 'E_FILE_MISSING', 'gone.jsonl'],
    [['score', 'gone', '--items', 'items.jsonl'], 'E_BUNDLE_MISSING', 'gone'],
    [['score', 'student', '--items', 'gone.jsonl'], 'E_FILE_MISSING', 'gone.jsonl'],
    [['inspect', 'gone'], 'E_FILE_MISSING', 'gone'],
    [['import', 'empty.jsonl', '--out', 'x'], 'E_FILE_EMPTY', 'empty.jsonl'],
    [
      ['teach', '--replay', 'empty.jsonl', '--items', 'items.jsonl', '--out', 'x'],
      'E_FILE_EMPTY',
      'empty.jsonl',
    ],
    [['evaluate', 'student', '--labels', 'empty.jsonl'], 'E_FILE_EMPTY', 'empty.jsonl'],
    [['score', 'student', '--items', 'empty.jsonl', '--out', 'x'], 'E_FILE_EMPTY', 'empty.jsonl'],
    [['inspect', 'empty.jsonl'], 'E_FILE_EMPTY', 'empty.jsonl'],
  ])('%j', async (args, code, file) => {
    expect(await errorOf(args)).toMatchObject({ code, file });
    expect((await readdir(folder.path('.'))).filter((name) => name.includes('x'))).toEqual([]);
  });
});

describe('an Arrow file cut short', () => {
  it.each([
    ['tags', ['tags', 'cut']],
    ['train', ['train', 'cut', '--out', 'x']],
    ['evaluate', ['evaluate', 'student', '--labels', 'cut']],
    ['inspect', ['inspect', 'cut']],
    ['score', ['score', 'student', '--items', 'cut/item_tags.arrow']],
    ['import', ['import', 'cut/item_tags.arrow', '--out', 'x']],
  ])('is named by %s', async (_, args) => {
    await cp(folder.path('data'), folder.path('cut'), { recursive: true });
    await truncate(folder.path('cut/item_tags.arrow'), 1000);
    expect(await errorOf(args)).toMatchObject({
      code: 'E_FILE_FORMAT',
      file: 'cut/item_tags.arrow',
      message: expect.stringContaining('cut short: its 1000 bytes'),
    });
  });
});

describe('a bundle that is not as it was written', () => {
  it.each([
    [
      'a byte of the model changed',
      BUNDLE_FILES.int8,
      'E_BUNDLE_CHECKSUM',
      (bytes: Buffer) => bytes.fill(1, 99, 100),
    ],
    ['the tags cut short', 'tags.jsonl', 'E_BUNDLE_CHECKSUM', (bytes: Buffer) => bytes.subarray(0, 50)],
    ['the manifest cut short', 'manifest.json', 'E_BUNDLE_FORMAT', (bytes: Buffer) => bytes.subarray(0, 50)],
    ['a manifest of another format', 'manifest.json', 'E_BUNDLE_FORMAT', () => '[]'],
    [
      'a manifest of a later version',
      'manifest.json',
      'E_BUNDLE_VERSION',
      (bytes: Buffer) => bytes.toString().replace(/"formatVersion": *\d+/, '"formatVersion": 99'),
    ],
  ])('%s: the file is named by score, evaluate and inspect', async (name, file, code, change) => {
    await broken('student', name, file, change);
    for (const args of [
      ['score', name, '--text', 'wine'],
      ['evaluate', name, '--labels', 'data'],
      ['inspect', name],
    ])
      expect(await errorOf(args)).toMatchObject({ code, file: `${name}/${file}` });
  });
});

describe('labels to evaluate against', () => {
  it('leaves out and counts bad rows, names their lines, and stops at the first with --strict', async () => {
    await folder.write(
      'labels.jsonl',
      Buffer.concat([
        Buffer.from(
          '\ufeff{"id":"1","text":"wine","tags":["vineyard"]}\r\n{"id":"1","text":"x","tags":[]}\r\n',
        ),
        Buffer.from(
          '{"id":"2","text":"x","tags":{"a":1}}\r\n{"id":"3","text":"x","tags":[["a",7]]}\r\n{"id":\r\n',
        ),
        Buffer.from([0xc3, 0x28, 10]),
        Buffer.from('{"id":"书","text":"葡萄 🍇","tags":["vineyard","不在词表"]}'),
      ]),
    );
    const args = ['evaluate', 'student', '--labels', 'labels.jsonl'];
    const { stdout } = await runCli([...args, '--json'], { cwd: folder.path('.') });
    const report = JSON.parse(stdout) as { problems: { message: string }[] };
    expect(report).toMatchObject({ nItems: 2, nProblems: 5, spaces: { item: { outsideVocabulary: 1 / 3 } } });
    const places = report.problems.map(({ message }) => /^labels\.jsonl:(\d+): /.exec(message)?.[1]);
    expect(places).toEqual(['2', '3', '4', '5', '6']);
    expect(await errorOf([...args, '--strict'])).toMatchObject({
      code: 'E_BAD_ROW',
      file: 'labels.jsonl',
      line: 2,
    });
  });

  it('says that the data set has no such part', async () => {
    await folder.write('train-only.jsonl', '{"id":"1","text":"wine","tags":["a"],"split":"train"}\n');
    await runCli(['import', 'train-only.jsonl', '--out', 'part'], { cwd: folder.path('.') });
    expect(await errorOf(['evaluate', 'student', '--labels', 'part'])).toMatchObject({
      code: 'E_NO_ROWS',
      hint: expect.stringContaining('--test-share'),
    });
  });
});

describe('messages for people', () => {
  it('show control characters of a file as escapes, so that no text steers the terminal', async () => {
    await folder.write('escape.jsonl', '{"id":"\\u001b[31mred","text":"","tags":[]}\n\u001b[2Jnot json\n');
    const { code, stderr } = await runCli(['import', 'escape.jsonl', '--out', 'x'], {
      cwd: folder.path('.'),
    });
    expect(code).toBe(1);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toMatch(/^error: escape\.jsonl: no usable row; 2 rows have problems\n {2}next: .*:1: /);
  });
});
