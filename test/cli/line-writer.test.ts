import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LineWriter } from '../../src/cli/line-writer.js';
import { writeWholeFile } from '../../src/cli/write-whole-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const run = promisify(execFile);

/** Names in the folder that begin with this one, temporary ones included. */
async function namesLike(path: string): Promise<string[]> {
  return (await readdir(dirname(path))).filter((name) => name.startsWith(basename(path)));
}

describe('LineWriter', () => {
  it('shows the file only when it is whole', async () => {
    const path = folder.path('whole.jsonl');
    const writer = await LineWriter.open(path);
    await writer.write('历史 🧑‍🏫');
    expect(await namesLike(path)).toEqual([expect.stringMatching(/^whole\.jsonl\.tmp-/)]);
    await writer.close();
    expect(await namesLike(path)).toEqual(['whole.jsonl']);
    expect(await readFile(path, 'utf8')).toBe('历史 🧑‍🏫\n');
  });

  it('leaves the old file as it was when the new one is given up', async () => {
    const path = await folder.write('old.jsonl', 'old\n');
    const writer = await LineWriter.open(path);
    await writer.write('new');
    await writer.abort();
    expect(await namesLike(path)).toEqual(['old.jsonl']);
    expect(await readFile(path, 'utf8')).toBe('old\n');
  });

  it('waits for a slow disk and loses no line', async () => {
    const path = folder.path('long.jsonl');
    const writer = await LineWriter.open(path);
    for (let i = 0; i < 20_000; i++) await writer.write(`${i} ${'x'.repeat(50)}`);
    await writer.close();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: 20_000 }, (_, i) => i),
    );
  });

  it('refuses a folder, and a file in a folder that is not there, before any work', async () => {
    await mkdir(folder.path('folder'));
    await expect(LineWriter.open(folder.path('folder'))).rejects.toMatchObject({
      code: 'E_FILE_WRITE',
      message: expect.stringContaining('this is a folder'),
    });
    await expect(LineWriter.open(folder.path('gone/out.jsonl'))).rejects.toMatchObject({
      code: 'E_FILE_WRITE',
      hint: expect.stringContaining('Make the folder'),
    });
  });

  it('writes into a pipe or a device and leaves it there', async () => {
    const pipe = folder.path('pipe');
    await run('mkfifo', [pipe]);
    const reader = run('cat', [pipe]);
    const writer = await LineWriter.open(pipe);
    await writer.write('through');
    await writer.close();
    expect((await reader).stdout).toBe('through\n');
    expect(await namesLike(pipe)).toEqual(['pipe']);
  });

  it('writes the file that a link points to, and keeps the link', async () => {
    const target = await folder.write('target.jsonl', 'old\n');
    await symlink(target, folder.path('link.jsonl'));
    const writer = await LineWriter.open(folder.path('link.jsonl'));
    await writer.write('new');
    await writer.close();
    expect(await readlink(folder.path('link.jsonl'))).toBe(target);
    expect(await readFile(target, 'utf8')).toBe('new\n');
  });
});

describe('writeWholeFile', () => {
  it('replaces a file, and leaves no temporary one behind', async () => {
    const path = folder.path('page.html');
    await writeFile(path, 'old');
    await writeWholeFile(path, '<p>new');
    expect(await readFile(path, 'utf8')).toBe('<p>new');
    expect(await namesLike(path)).toEqual(['page.html']);
  });

  it('names the file that cannot be written', async () => {
    await expect(writeWholeFile(folder.path('none/page.html'), 'x')).rejects.toMatchObject({
      code: 'E_FILE_WRITE',
      file: folder.path('none/page.html'),
    });
  });
});
