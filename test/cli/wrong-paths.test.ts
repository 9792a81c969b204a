import { beforeAll, describe, expect, it } from 'vitest';
import { trainSmallStudent } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) => runCli(args, { cwd: folder.path('.') });

beforeAll(async () => {
  await trainSmallStudent(folder.path('data'), folder.path('student'));
  await folder.write('labels.jsonl', '{"id":"1","text":"grape","tags":["vineyard"]}\n');
  await folder.write('latin1.jsonl', Buffer.from('{"id":"1","text":"caf\u00e9"}\n', 'latin1'));
});

describe('a path of the wrong kind is named, with the next step', () => {
  it.each([
    [['train', 'student', '--out', 'x'], 'E_FILE_MISSING', /^student/],
    [['score', 'data', '--text', 'x'], 'E_BUNDLE_MISSING', /^data: .*no manifest\.json/],
    [['inspect', '.'], 'E_FILE_MISSING', /neither a bundle nor a data set/],
    [
      ['evaluate', 'student', '--labels', 'labels.jsonl', '--html', 'gone/page.html'],
      'E_FILE_WRITE',
      /there is no folder gone/,
    ],
    [['score', 'student', '--items', 'latin1.jsonl', '--strict'], 'E_BAD_ROW', /^latin1\.jsonl:1: .*UTF-8/],
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
