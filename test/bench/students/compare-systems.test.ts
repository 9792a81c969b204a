import { describe, expect, it } from 'vitest';
import { compareSystems, type SystemResult } from '../../../bench/students/compare-systems.js';
import type { BenchSplit } from '../../../bench/students/data/bench-split.js';
import { dataMarkdown } from '../../../bench/students/markdown.js';
import { scoreRun, spaceFacts } from '../../../bench/students/score-run.js';
import type { SystemRun } from '../../../bench/students/system-run.js';

const split: BenchSplit = {
  train: [{ id: 't', text: 't', item_tags: [['x', null]] }],
  test: Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, text: `${i}`, item_tags: [['x', null]] })),
};

/** A system whose first `nRight` items of ten get the right tag. */
function result(name: string, script: string | null, ...nRight: number[]): SystemResult {
  const runs = nRight.map((n, seed) => {
    const run: SystemRun = {
      rankings: { item: split.test.map((_, i) => [[i < n ? 'x' : 'y', 1]]) },
      trainSeconds: 2 * (seed + 1),
      trainCpuSeconds: 1,
      predictSeconds: 1,
      peakRssBytes: 1e6 * (seed + 1),
      sizeBytes: 1e6,
      notes: [],
    };
    return { seed, split, run, figures: scoreRun(run, split) };
  });
  return { state: 'done', system: { name, about: name, script, settings: {} }, runs };
}

const results = [
  result('weak', 'weak.py', 2, 4),
  result('strong', 'strong.py', 5, 7),
  result('ours', null, 8, 10),
  { state: 'skipped', system: { name: 'none', about: '', script: 'x.py', settings: {} }, reason: 'too slow' },
] as const satisfies readonly SystemResult[];

describe('compareSystems', () => {
  const { spaces, costs } = compareSystems(results);

  it('takes the best of the peers, never the student, as what all are held against', () => {
    expect(spaces.item!.best).toEqual({ 'P@1': 'strong', 'nDCG@5': 'strong', 'nDCG@10': 'strong' });
    const [weak, strong, ours] = spaces.item!.systems.map(({ differences }) => differences['P@1']);
    expect([weak!.mean, strong, ours!.mean]).toEqual([expect.closeTo(-0.3), null, expect.closeTo(0.3)]);
  });

  it('averages figures and seconds over the seeds, and gives the largest peak of memory', () => {
    expect(spaces.item!.systems.map(({ means }) => means['P@1'])).toEqual(
      [0.3, 0.6, 0.9].map((value) => expect.closeTo(value) as number),
    );
    expect(costs[0]).toMatchObject({ trainSeconds: 3, peakRssBytes: 2e6 });
  });

  it('is printed with each system, the differences and what was not run', () => {
    const report = {
      name: 'tiny',
      about: 'ten items',
      seeds: [0, 1],
      splits: [{ seed: 0, hash: '', nTrain: 1, nTest: 10, facts: { item: spaceFacts(split, 'item') } }],
      spaces,
      costs,
      skipped: [{ name: 'none', reason: 'too slow' }],
    };
    const markdown = dataMarkdown(report);
    expect(markdown).toContain('| ours | **.9000** |');
    expect(markdown).toContain('| strong | best peer | best peer | best peer |');
    expect(markdown).toContain('- none not run: too slow');
  });
});
