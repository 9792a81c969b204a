import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagePath } from '../../src/core/package-info.js';
import { writeSmallDataset } from '../support/small-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) => runCli(args, { cwd: folder.path('.') });
const node = ['--import', import.meta.resolve('tsx'), packagePath('src', 'cli', 'main.ts')];

const namesWith = async (part: string): Promise<string[]> =>
  (await readdir(folder.path('.'))).filter((name) => name.includes(part));

beforeAll(() => writeSmallDataset(folder.path('data')));

describe('tagdistill ends', () => {
  it('with 0 after help and version', async () => {
    expect(await cli('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(await cli('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('evaluate') });
  });

  it('with 2 and the help where no command is given', async () => {
    expect(await cli()).toMatchObject({ code: 2, stderr: expect.stringContaining('Commands:') });
  });

  it.each([
    [['train', 'data'], "required option '--out <folder>' not specified"],
    [['tags'], "missing required argument 'dataset'"],
    [['tags', 'data', '--tau', '2'], 'A number from 0 to 1 is wanted.'],
    [['tags', 'data', '--depth', 'NaN'], 'A whole number from 1 up is wanted.'],
    [['tags', 'data', '--space', 'both'], 'Allowed choices are item, user.'],
    [['bogus'], "unknown command 'bogus'"],
  ])('with 2 and one JSON line after %j --json', async (args, message) => {
    const { code, stdout, stderr } = await cli(...args, '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'E_BAD_OPTION', message: expect.stringContaining(message), hint: expect.any(String) },
    });
  });

  it('with 143 when it is told to end in the middle of an import, and leaves no half data set', async () => {
    const args = ['import', '-', '--out', 'stopped'];
    const child = spawn(process.execPath, [...node, ...args], { cwd: folder.path('.') });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.stdin.on('error', () => undefined).write('{"id":"1","text":"wine","tags":["vineyard"]}\n');
    // The folder under its temporary name shows that the command is at work.
    while ((await namesWith('stopped')).length === 0) await new Promise(setImmediate);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
    expect(stderr).toContain('code: E_ABORTED');
    expect(await namesWith('stopped')).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full'))('with 1 where standard output has no space left', async () => {
    const full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [...node, 'inspect', 'data'], {
      cwd: folder.path('.'),
      stdio: ['ignore', full.fd, 'pipe'],
    });
    let stderr = '';
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    await full.close();
    expect(stderr).toMatch(/standard output: cannot write: ENOSPC.*\n {2}next: /);
  });
});
