import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDemo, type DemoReport } from '../../src/cli/demo.js';
import { packagePath } from '../../src/core/package-info.js';
import { summariseDataset } from '../../src/dataset/summarise.js';

let dir: string;
let report: DemoReport;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-demo-'));
  report = await runDemo({ out: dir, epochs: 3 });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('the demo', () => {
  it('replays every shipped answer into the same items, tags and splits as the shipped data set', async () => {
    expect(report.teach).toEqual({ nItems: 2165, nAnswers: 3875, nUnparseable: 0, nEdges: 12_800 });
    const [made, shipped] = await Promise.all([
      summariseDataset(join(dir, 'books')),
      summariseDataset(packagePath('datasets', 'books')),
    ]);
    expect(made.nBySplit).toEqual(shipped.nBySplit);
    expect(made.tags).toEqual(shipped.tags);
  });

  it('finds a cover set far smaller than the tags, with the recall that was asked for', () => {
    for (const { nRaw, nCanonical, coverSetSize, recall } of Object.values(report.tags)) {
      expect(nCanonical).toBeLessThan(nRaw);
      expect(coverSetSize).toBeLessThan(nCanonical / 20);
      expect(recall).toBeGreaterThanOrEqual(0.99);
    }
  });

  it('trains a student that beats both baselines on nDCG@5 in both spaces, even in three epochs', () => {
    const [popularity, neighbours, student] = report.agreement.map(({ figures }) => figures);
    for (const space of ['item', 'user'] as const) {
      const value = student![space]!['nDCG@5'];
      expect(value).toBeGreaterThan(neighbours![space]!['nDCG@5']);
      expect(neighbours![space]!['nDCG@5']).toBeGreaterThan(popularity![space]!['nDCG@5']);
    }
  });

  it('names five tags a space for each of three new texts', () => {
    expect(report.texts).toHaveLength(3);
    for (const { scores } of report.texts) {
      expect(scores.item).toHaveLength(5);
      expect(scores.user).toHaveLength(5);
    }
  });
});
