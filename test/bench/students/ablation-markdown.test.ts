import { expect, it } from 'vitest';
import { ablationMarkdown } from '../../../bench/students/ablation-markdown.js';
import { compareSystems, type SystemResult } from '../../../bench/students/compare-systems.js';
import type { BenchSplit } from '../../../bench/students/data/bench-split.js';
import { scoreRun } from '../../../bench/students/score-run.js';
import type { SystemRun } from '../../../bench/students/system-run.js';

const split: BenchSplit = {
  train: [{ id: 't', text: 't', item_tags: [['x', null]] }],
  test: Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, text: `${i}`, item_tags: [['x', null]] })),
};

function result(name: string, nRight: number): SystemResult {
  const run: SystemRun = {
    rankings: { item: split.test.map((_, i) => [[i < nRight ? 'x' : 'y', 1]]) },
    trainSeconds: 2,
    trainCpuSeconds: 3,
    predictSeconds: 1,
    peakRssBytes: 1,
    sizeBytes: 5e6,
    notes: [],
  };
  const system = { name, about: name, script: null, settings: {} };
  return { state: 'done', system, runs: [{ seed: 1, split, run, figures: scoreRun(run, split) }] };
}

it('holds each variant against the defaults, and says which were not run', () => {
  const results = [result('tagdistill', 8), result('tagdistill-softmax', 6)];
  const compared = compareSystems(results, { isRival: ({ name }) => name === 'tagdistill' });
  const skipped = [{ name: 'tagdistill-bce', reason: 'the same' }];
  const lines = ablationMarkdown({ name: 'made', about: '', seeds: [1], splits: [], ...compared, skipped });
  expect(lines).toContain('| student | item nDCG@5 | item nDCG@10 | training CPU s | model MB |');
  expect(lines).toContain('| tagdistill, defaults | .8000 | .8000 | 3.0 | 5.0 |');
  expect(lines).toMatch(/\| softmax loss \| \.6000 \(-\.2000 \[-\.\d+, [+-]\.\d+\]\)/);
  expect(lines).toContain('- binary cross entropy: not run: the same');
});
