import { cp, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphStatistics } from '../../src/tags/graph/graph-statistics.js';
import { readLogicEdges } from '../../src/tags/library/logic-edges.js';
import { writeCoverSet, writeTagEdges } from '../support/edge-dataset.js';
import { writeSmallDataset } from '../support/small-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const run = (...args: string[]) => runCli(['tags', ...args], { cwd: folder.path('') });

beforeAll(async () => {
  await writeTagEdges(folder.path('answers'), [
    { direction: 'u2i', source: 'gardener', target: 'orchard', score: 0.75 },
    { direction: 'u2i', source: 'gardener', target: 'apple growing', score: 0.25 },
    { direction: 'i2u', source: 'orchard', target: 'gardener' },
    { direction: 'i2u', source: 'orchard', target: 'beekeeper' },
  ]);
  await writeCoverSet(folder.path('library'), [
    { space: 'item', tag: 'orchard' },
    { space: 'item', tag: 'apple' },
    { space: 'user', tag: 'gardener' },
  ]);
  await writeSmallDataset(folder.path('small'));
});

describe('tagdistill tags graph', () => {
  it('counts the graph of a data set, and shows where a tag leads', async () => {
    const counted = await run('graph', 'answers');
    expect(counted.stderr).toBe('');
    expect(counted.stdout).toContain('2 item tags, 2 user tags');
    const { stdout } = await run('graph', 'answers', '--tag', 'gardener');
    expect(stdout.split('\n')).toEqual([
      'gardener (user tag)',
      '├─ 0.75 orchard',
      '│  └─ 0.50 beekeeper',
      '└─ 0.25 apple growing',
      '',
    ]);
  });

  it('maps on a cover set, and writes a graph that is read back as a library', async () => {
    const edges = folder.path('library/logic_edges.arrow');
    const mapped = await run(
      'graph',
      'answers',
      '--on',
      'library',
      '--near',
      '0.5',
      '--arrow',
      edges,
      '--json',
    );
    expect(mapped.code).toBe(0);
    const { statistics, answers } = JSON.parse(mapped.stdout) as {
      statistics: GraphStatistics;
      answers: { targets: { u2i: { near: { nUses: number } } } };
    };
    expect(statistics.u2i.nEdges).toBe(2);
    expect(answers.targets.u2i.near.nUses).toBe(1);
    const { stdout } = await run(
      'graph',
      'library',
      '--tag',
      'gardener',
      '--depth',
      '1',
      '--graphml',
      'g.graphml',
    );
    expect(stdout).toMatch(/─ 0\.\d\d orchard\n.*─ 0\.\d\d apple\n/);
    expect(await readFile(folder.path('g.graphml'), 'utf8')).toMatch(/^<\?xml [^]*<\/graphml>\n$/);
    expect((await readLogicEdges(edges)).nEdges('u2i')).toBe(2);
  });

  it('says what is missing or unknown', async () => {
    for (const [args, message] of [
      [['graph', 'small'], 'neither logic_edges.arrow nor tag_edges.arrow is here'],
      [['graph', 'answers', '--tag', 'pilot'], 'there is no tag "pilot" in the graph'],
      [['graph', 'answers', '--near', '0.5'], '--near needs a cover set'],
      [['graph', 'answers', '--svg', 'x.svg'], '--svg draws where a tag leads'],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(code).not.toBe(0);
      expect(stderr).toContain(message);
    }
  });
});

describe('tagdistill tags transfer', () => {
  it('makes a data set of cover tags, and tells what found none', async () => {
    const { stdout, code } = await run(
      ...[
        'transfer',
        'small',
        '--to',
        'library',
        '--out',
        'moved',
        '--threshold',
        '0.95',
        '--report',
        'tags.jsonl',
      ],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('moved: 120 items; 120 had tags, 30 have tags of the cover set');
    const report = (await readFile(folder.path('tags.jsonl'), 'utf8')).trim().split('\n');
    expect(report.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ space: 'item', tag: 'orchard', kind: 'exact', target: 'orchard', uses: 30 }),
    );
    const again = await run('transfer', 'small', '--to', 'library', '--out', 'moved');
    expect(again.stderr).toContain('a data set stands here already');
  });

  it('refuses a folder without a cover set', async () => {
    await cp(folder.path('small'), folder.path('none'), { recursive: true });
    const { stderr, code } = await run('transfer', 'small', '--to', 'none', '--out', 'x');
    expect(code).not.toBe(0);
    expect(stderr).toContain('cover_set.arrow');
  });
});
