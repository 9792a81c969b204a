import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTinyEncoder } from '../support/tiny-encoder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) => runCli(args, { cwd: folder.path('.') });

beforeAll(() => writeTinyEncoder(folder.path('tiny')));

describe('tagdistill encoder', () => {
  it('distils a model, and inspects the folder that it wrote', async () => {
    const made = await cli(
      'encoder',
      'distill',
      'tiny',
      '--out',
      'static',
      '--dims',
      '4',
      '--licence',
      'MIT',
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('static: 24 tokens of 4 numbers, int8, from tiny (MIT)');
    const seen = await cli('encoder', 'inspect', 'static', '--json');
    expect(JSON.parse(seen.stdout)).toMatchObject({
      dir: 'static',
      kind: 'static',
      nDims: 4,
      licence: 'MIT',
    });
    expect(await cli('encoder', 'inspect', 'static', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('ends with 2 and one JSON line on a wrong option of a subcommand', async () => {
    const { code, stdout, stderr } = await cli(
      'encoder',
      'distill',
      'tiny',
      '--out',
      'x',
      '--dims',
      '0',
      '--json',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'E_BAD_OPTION' } });
  });

  it('ends with 1 and the next step where there is no model', async () => {
    const { code, stderr } = await cli('encoder', 'distill', 'someone/model', '--out', 'x');
    expect(code).toBe(1);
    expect(stderr).toContain('next: Download the model first');
  });

  it('shows examples in the help of each subcommand', async () => {
    for (const name of ['distill', 'inspect'])
      expect((await cli('encoder', name, '--help')).stdout).toContain(`$ tagdistill encoder ${name}`);
  });
});
