import { beforeAll, describe, expect, it } from 'vitest';
import { trainSmallStudent } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const rank = (...args: string[]) => runCli(['rank', 'student', ...args], { cwd: folder.path('.') });

interface Ranked {
  readonly space: string;
  readonly tags: readonly { readonly tag: string; readonly score: number; readonly isKnown: boolean }[];
}

beforeAll(() => trainSmallStudent(folder.path('data'), folder.path('student')));

describe('tagdistill rank', () => {
  it('orders the tags given by score, each once, and tells the new ones from the known', async () => {
    const { code, stdout } = await rank(
      'A submarine with sonar.',
      '--tags',
      'vineyard, submarine,sonar lore,, submarine',
      '--json',
    );
    expect(code).toBe(0);
    const { space, tags } = JSON.parse(stdout) as Ranked;
    expect(space).toBe('item');
    expect(new Map(tags.map(({ tag, isKnown }) => [tag, isKnown]))).toEqual(
      new Map([
        ['submarine', true],
        ['vineyard', true],
        ['sonar lore', false],
      ]),
    );
    const scores = tags.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const place = (name: string): number => tags.findIndex(({ tag }) => tag === name);
    expect(place('submarine')).toBeLessThan(place('vineyard'));
  });

  it('gives a known tag the score that naming gives it', async () => {
    const text = 'A story of sonar and torpedo.';
    const named = await runCli(['score', 'student', '--text', text, '--json'], { cwd: folder.path('.') });
    const { item_tags } = JSON.parse(named.stdout) as { item_tags: Ranked['tags'] };
    const { stdout } = await rank(text, '--tags', item_tags.map(({ tag }) => tag).join(), '--json');
    const { tags } = JSON.parse(stdout) as Ranked;
    expect(tags.map(({ tag, score }) => ({ tag, score }))).toEqual(item_tags);
  });

  it('takes tags with commas as a JSON list, and marks new ones for people', async () => {
    const { code, stdout } = await rank(
      'sonar',
      '--tags',
      '["spies, Cold War","naval officer"]',
      '--space',
      'user',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^user tag +score/);
    expect(stdout).toMatch(/^spies, Cold War +0\.\d{4} +new$/m);
    expect(stdout).toMatch(/^naval officer +0\.\d{4}$/m);
  });

  it.each([
    [['sonar', '--tags', ' , '], 'E_BAD_OPTION'],
    [['sonar', '--tags', '["a"'], 'E_BAD_OPTION'],
    [['sonar', '--tags', '["a", 1]'], 'E_BAD_OPTION'],
    [['\n', '--tags', 'a'], 'E_BAD_INPUT'],
  ])('refuses %j', async (args, code) => {
    const result = await rank(...args, '--json');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code, hint: expect.any(String) } });
  });
});
