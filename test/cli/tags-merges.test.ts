import { beforeAll, describe, expect, it } from 'vitest';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const run = (...args: string[]) => runCli(['tags', ...args], { cwd: folder.path('') });

const FORMS = ['film buff', 'movie buff', 'Movie buffs', 'divorced mother', 'divorced father'];

beforeAll(async () => {
  const items = smallItems(20).map((item, i) => ({
    ...item,
    userTags: [[FORMS[i % FORMS.length]!, 0.5] as const],
  }));
  await writeSmallDataset(folder.path('films'), items);
});

interface Merges {
  readonly user: {
    readonly nCanonical: number;
    readonly aliasHash: string;
    readonly merges: readonly object[];
  };
}
const merges = async (...args: string[]): Promise<Merges> =>
  JSON.parse((await run('merges', 'films', '--json', ...args)).stdout) as Merges;

describe('tagdistill tags merges', () => {
  it('lists what is merged by meaning, and what is near and kept apart', async () => {
    const { stdout, code } = await run('merges', 'films', '--space', 'user');
    expect(code).toBe(0);
    expect(stdout).toMatch(/film buff +Movie buffs +4 +0\.\d\d/);
    expect(stdout).toMatch(/divorced father +divorced mother +0\.\d\d +father \/ mother/);
  });

  it('does as a file of decisions says, the same each time', async () => {
    const file = await folder.write(
      'decisions.jsonl',
      '{"space":"user","a":"film buff","b":"movie buff","same":false}\n{"space":"user","tag":"divorced father","canonical":"divorced mother"}\n',
    );
    const [free, decided, again] = [
      await merges(),
      await merges('--decisions', file),
      await merges('--decisions', file),
    ];
    expect(free.user.merges).toMatchObject([{ tag: 'film buff' }]);
    expect(decided.user.merges).toMatchObject([{ tag: 'divorced father', reason: 'decision' }]);
    expect(decided.user.aliasHash).not.toBe(free.user.aliasHash);
    expect(again).toEqual(decided);
  });

  it('stops at decisions that contradict one another, with file and line', async () => {
    const file = await folder.write(
      'torn.jsonl',
      '{"space":"user","a":"x","b":"y","same":true}\n{"space":"user","a":"y","b":"x","same":false}\n',
    );
    const { code, stderr, stdout } = await run('merges', 'films', '--decisions', file);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('torn.jsonl:2: "y" and "x" are not the same here');
  });
});

describe('tagdistill tags trace', () => {
  it('shows the forms of a tag and the items that have it', async () => {
    const { stdout } = await run('trace', 'films', 'movie buffs');
    expect(stdout).toContain('user tag "Movie buffs": 8 uses');
    expect(stdout).toMatch(/movie buff +4/);
    expect(stdout).toMatch(/book-1 +movie buff/);
  });

  it('says so of a tag that no item has', async () => {
    const { code, stderr } = await run('trace', 'films', 'astronaut');
    expect(code).not.toBe(0);
    expect(stderr).toContain('no item has the tag "astronaut"');
  });
});
