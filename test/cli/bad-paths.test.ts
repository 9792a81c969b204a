import { cp, truncate, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainSmallStudent } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) => runCli(args, { cwd: folder.path('.') });

beforeAll(async () => {
  await trainSmallStudent(folder.path('data'), folder.path('student'));
  await cp(folder.path('data'), folder.path('cut-data'), { recursive: true });
  await truncate(folder.path('cut-data/item_tags.arrow'), 500);
  await cp(folder.path('student'), folder.path('changed'), { recursive: true });
  await writeFile(folder.path('changed/calibration.json'), '{}');
  await cp(folder.path('student'), folder.path('newer'), { recursive: true });
  await writeFile(folder.path('newer/manifest.json'), '{"formatVersion":99}');
  await folder.write('labels.jsonl', '{"id":"1","text":"grape","tags":["vineyard"]}\n');
  await folder.write('empty.jsonl', '');
  await folder.write('latin1.jsonl', Buffer.from('{"id":"1","text":"caf\u00e9"}\n', 'latin1'));
});

describe('a path that cannot be used is named, with the next step', () => {
  it.each([
    [['tags', 'nowhere'], 'E_FILE_MISSING', /^nowhere/],
    [['tags', 'cut-data'], 'E_FILE_FORMAT', /^cut-data.item_tags\.arrow: .*cut short/],
    [['train', 'cut-data', '--out', 'x'], 'E_FILE_FORMAT', /^cut-data.item_tags\.arrow: .*cut short/],
    [['train', 'student', '--out', 'x'], 'E_FILE_MISSING', /^student/],
    [['evaluate', 'student', '--labels', 'cut-data'], 'E_FILE_FORMAT', /^cut-data.item_tags\.arrow/],
    [['evaluate', 'student', '--labels', 'empty.jsonl'], 'E_FILE_EMPTY', /^empty\.jsonl: .*0 bytes/],
    [['evaluate', 'changed', '--labels', 'labels.jsonl'], 'E_BUNDLE_CHECKSUM', /^changed.calibration\.json/],
    [['evaluate', 'newer', '--labels', 'labels.jsonl'], 'E_BUNDLE_VERSION', /^newer.manifest\.json: .*99/],
    [
      ['evaluate', 'student', '--labels', 'labels.jsonl', '--html', 'gone/page.html'],
      'E_FILE_WRITE',
      /there is no folder gone/,
    ],
    [['score', 'data', '--text', 'x'], 'E_BUNDLE_MISSING', /^data: .*no manifest\.json/],
    [['score', 'changed', '--text', 'x'], 'E_BUNDLE_CHECKSUM', /^changed.calibration\.json/],
    [['score', 'student', '--items', 'gone.csv'], 'E_FILE_MISSING', /^gone\.csv/],
    [['score', 'student', '--items', 'empty.jsonl'], 'E_FILE_EMPTY', /^empty\.jsonl/],
    [['score', 'student', '--items', 'latin1.jsonl', '--strict'], 'E_BAD_ROW', /^latin1\.jsonl:1: .*UTF-8/],
    [['teach', '--replay', 'gone.jsonl', '--out', 'x'], 'E_FILE_MISSING', /^gone\.jsonl/],
    [['inspect', 'gone'], 'E_FILE_MISSING', /^gone/],
    [['inspect', '.'], 'E_FILE_MISSING', /neither a bundle nor a data set/],
    [['inspect', 'cut-data'], 'E_FILE_FORMAT', /^cut-data.item_tags\.arrow: .*cut short/],
    [['inspect', 'changed'], 'E_BUNDLE_CHECKSUM', /^changed.calibration\.json/],
  ])('%j', async (args, code, message) => {
    const result = await cli(...args, '--json');
    expect(result, result.stderr).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(result.stderr)).toMatchObject({
      error: { code, message: expect.stringMatching(message), hint: expect.stringMatching(/\.$/) },
    });
  });
});

describe('--quiet', () => {
  it.each([[['tags', 'data']], [['inspect', 'student']], [['evaluate', 'student', '--labels', 'data']]])(
    'prints nothing where all is well: %j',
    async (args) => {
      expect(await cli(...args, '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    },
  );

  it('still prints errors', async () => {
    expect((await cli('inspect', 'gone', '--quiet')).stderr).toMatch(
      /^error: gone: .*\n {2}next: .*\n {2}code: E_FILE_MISSING\n$/,
    );
  });
});
