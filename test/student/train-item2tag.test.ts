import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_FILES } from '../../src/bundle/manifest.js';
import type { ProgressEvent } from '../../src/core/progress.js';
import { Scorer } from '../../src/runtime/scorer.js';
import { trainItem2Tag, type TrainReport } from '../../student/train-item2tag.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';

let dir: string;
let dataset: string;
let report: TrainReport;
const events: ProgressEvent[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-train-'));
  dataset = join(dir, 'small');
  await writeSmallDataset(dataset);
  report = await trainItem2Tag({
    dataset,
    out: join(dir, 'a'),
    ...TINY,
    onProgress: (event) => events.push(event),
  });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('trainItem2Tag', () => {
  it('learns tags that follow from the words, in both spaces, on items that it never saw', async () => {
    const scorer = await Scorer.load(join(dir, 'a'));
    const unseen = smallItems().filter(({ split }) => split === 'test');
    for (const { text, itemTags, userTags } of unseen) {
      const { item, user } = await scorer.score(text, { topK: 1 });
      expect(item![0]!.tag).toBe(itemTags[0]![0]);
      expect(userTags.map(([tag]) => tag)).toContain(user![0]!.tag);
    }
    await scorer.close();
    expect(report.validation.item).toBeGreaterThan(0.9);
  });

  it('counts what it trained on and never reads the test part', () => {
    expect(report).toMatchObject({ nTraining: 96, nValidation: 12, nTags: { item: 5, user: 7 } });
  });

  it('exports a graph that agrees with the trained network within 1e-5', () => {
    expect(report.parity.nTexts).toBeGreaterThan(50);
    expect(report.parity.maxDifference).toBeLessThanOrEqual(1e-5);
  });

  it('makes the same bundle again from the same data and seed', async () => {
    await trainItem2Tag({ dataset, out: join(dir, 'b'), ...TINY });
    for (const file of [BUNDLE_FILES.int8, 'features.bin', 'tags.jsonl', 'calibration.json']) {
      expect(await readFile(join(dir, 'b', file))).toEqual(await readFile(join(dir, 'a', file)));
    }
  });

  it('reports progress that reaches its total, with the loss', () => {
    const last = events.findLast(({ stage }) => stage === 'refit')!;
    expect(last.done).toBe(last.total);
    expect(last.figures).toHaveProperty('loss');
  });

  it('refuses a folder that holds something else, before it trains', async () => {
    const out = join(dir, 'mine');
    await writeSmallDataset(out);
    await expect(trainItem2Tag({ dataset, out, ...TINY })).rejects.toMatchObject({ code: 'E_FILE_EXISTS' });
  });

  it('stops when asked, and leaves nothing', async () => {
    const out = join(dir, 'stopped');
    const signal = AbortSignal.abort();
    await expect(trainItem2Tag({ dataset, out, ...TINY, signal })).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
    await expect(readFile(join(out, 'manifest.json'))).rejects.toThrow('ENOENT');
  });

  it('says so when no training item has a tag', async () => {
    const bare = join(dir, 'bare');
    await writeSmallDataset(
      bare,
      smallItems(8).map((item) => ({ ...item, itemTags: [], userTags: [] })),
    );
    await expect(trainItem2Tag({ dataset: bare, out: join(dir, 'x'), ...TINY })).rejects.toMatchObject({
      code: 'E_NO_ROWS',
    });
  });

  it('trains on a handful of items, in one space, without a validation part', async () => {
    const few = join(dir, 'few');
    await writeSmallDataset(
      few,
      smallItems(6).map((item) => ({ ...item, split: 'train', userTags: [] })),
    );
    const tiny = await trainItem2Tag({ dataset: few, out: join(dir, 'tiny'), ...TINY });
    expect(tiny.nTags).toEqual({ item: 5 });
    const scorer = await Scorer.load(join(dir, 'tiny'));
    expect(scorer.spaces).toEqual(['item']);
    await scorer.close();
  });

  it('merges spellings with --vocab canonical, and keeps them as aliases', async () => {
    const spelt = join(dir, 'spelt');
    await writeSmallDataset(
      spelt,
      smallItems(40).map((item, i) => ({
        ...item,
        itemTags: [[i % 3 === 0 ? 'Old-Story' : 'old story', 0.5]],
      })),
    );
    const merged = await trainItem2Tag({
      dataset: spelt,
      out: join(dir, 'merged'),
      vocab: 'canonical',
      ...TINY,
    });
    expect(merged.nTags.item).toBe(1);
    const [line] = (await readFile(join(dir, 'merged', 'tags.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(line!)).toMatchObject({ tag: 'old story', aliases: ['Old-Story'] });
  });

  it('names the file when the data set is damaged', async () => {
    const broken = join(dir, 'broken');
    await writeSmallDataset(broken);
    await writeFile(join(broken, 'item_tags.arrow'), 'ARROW1 and no more');
    await expect(trainItem2Tag({ dataset: broken, out: join(dir, 'y'), ...TINY })).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      file: join(broken, 'item_tags.arrow'),
    });
  });
});
