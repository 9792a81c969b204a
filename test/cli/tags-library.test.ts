import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) => runCli(args, { cwd: folder.path('') });
const json = (text: string): unknown => JSON.parse(text);

beforeAll(() => writeSmallDataset(folder.path('data'), smallItems(40)));

describe('tagdistill tags', () => {
  it('counts without a subcommand, and with one', async () => {
    const [bare, named] = [await cli('tags', 'data', '--json'), await cli('tags', 'count', 'data', '--json')];
    expect(json(bare.stdout)).toEqual(json(named.stdout));
    expect(bare.code).toBe(0);
  });

  it('builds a library, takes a day in once, and looks at it', async () => {
    const built = await cli('tags', 'build', 'data', '--out', 'library', '--date', '2026-01-01', '--json');
    expect(json(built.stdout)).toMatchObject({
      manifest: { spaces: { item: { version: 1, nLive: 5 }, user: { days: ['2026-01-01'] } } },
      symmetry: { nShared: 0 },
    });
    const update = ['tags', 'update', 'library', 'data', '--date', '2026-01-02'];
    expect(json((await cli(...update, '--json')).stdout)).toMatchObject({
      covers: { item: { version: 2, admitted: [], retired: [], recallBefore: 1, isRepeat: false } },
    });
    expect((await cli(...update)).stdout).toContain('library has this day already: nothing was changed');

    const { stdout } = await cli('tags', 'inspect', 'library', '--html', 'page.html', '--json');
    expect(json(stdout)).toMatchObject({ kind: 'library', spaces: { item: { nItems: 80, nCanonical: 5 } } });
    const page = await readFile(folder.path('page.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>[^]*<svg[^]*Growth of the full set[^]*<\/html>\n$/);
  });

  it('escapes tags in the page, and shows control characters in the terminal', async () => {
    const items = smallItems(3).map((item) => ({
      ...item,
      itemTags: [
        ['<script>alert(1)</script>', 0.5],
        ['\u001b[31mred', 0.4],
      ] as const,
    }));
    await writeSmallDataset(folder.path('hostile'), items);
    const { stdout } = await cli('tags', 'inspect', 'hostile', '--html', 'hostile.html');
    expect(stdout).not.toContain('\u001b[31m');
    const page = await readFile(folder.path('hostile.html'), 'utf8');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
  });

  it.each([
    [['build', 'gone', '--out', 'x'], 'E_FILE_MISSING'],
    [['build', 'data', '--out', 'data'], 'E_FILE_EXISTS'],
    [['build', 'data', '--out', 'x', '--date', '2026-02-30'], 'E_BAD_OPTION'],
    [['build', 'data', '--out', 'x', '--min-tags', '9', '--max-tags', '2'], 'E_BAD_OPTION'],
    [['update', 'data', 'data'], 'E_FILE_MISSING'],
    [['inspect', 'gone'], 'E_FILE_MISSING'],
  ])('%j ends with 1 and %s', async (args, code) => {
    const { code: exit, stderr } = await cli('tags', ...args, '--json');
    expect([exit, json(stderr)]).toMatchObject([1, { error: { code, hint: expect.any(String) } }]);
  });
});
