import { rename, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probability } from '../../src/bundle/calibration.js';
import { readBundle } from '../../src/bundle/read-bundle.js';
import type { ProgressEvent } from '../../src/core/progress.js';
import { seededRandom } from '../../src/core/random.js';
import { openHubEncoder } from '../../src/features/hub-encoder.js';
import { ndcg } from '../../src/metrics/ndcg.js';
import { Scorer } from '../../src/runtime/scorer.js';
import { trainItem2Tag, type TrainReport } from '../../student/index.js';
import { runExported } from '../../student/run-exported.js';
import { smallItems, writeSmallDataset, type SmallItem } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTinyEncoder } from '../support/tiny-encoder.js';

const folder = temporaryFolder();
const random = seededRandom(9);
const WORDS = 'wine grape short text another which says little more than the one'.split(' ');
const items: SmallItem[] = smallItems(120).map((item) => {
  const words = Array.from({ length: 6 }, () => WORDS[Math.floor(random() * WORDS.length)]!);
  return { ...item, text: words.join(' '), itemTags: [[words[0]!, 1]], userTags: [] };
});

let report: TrainReport;
const events: ProgressEvent[] = [];
const train = (out: string) =>
  trainItem2Tag({
    dataset: folder.path('data'),
    out: folder.path(out),
    ...TINY,
    hubEncoder: folder.path('encoder'),
    cacheDir: folder.path('cache'),
    precision: 'float32',
    refit: false,
    onProgress: (event) => events.push(event),
  });

beforeAll(async () => {
  await writeTinyEncoder(folder.path('encoder'));
  await writeSmallDataset(folder.path('data'), items);
  report = await train('student');
});

describe('a student with a hub encoder', () => {
  it('scores as training said: the same nDCG@5 on the validation items', async () => {
    const scorer = await Scorer.load(folder.path('student'));
    const held = items.filter(({ split }) => split === 'validation');
    const scores = await scorer.score(
      held.map(({ text }) => text),
      { topK: 5, space: 'item' },
    );
    await scorer.close();
    const values = held.map(({ itemTags }, i) =>
      ndcg(
        scores[i]!.map(({ tag }) => tag),
        new Set(itemTags.map(([tag]) => tag)),
        { k: 5 },
      ),
    );
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean).toBeCloseTo(report.validation.item!, 9);
    expect(mean).toBeGreaterThan(0.5);
  });

  it("feeds the model the encoder's own vectors", async () => {
    const texts = ['wine grape', 'another short text', ''];
    const { bag, manifest, model, calibrations, tags } = await readBundle(folder.path('student'));
    const encoder = await openHubEncoder(folder.path('encoder'));
    const vectors = await encoder.encode(texts);
    await encoder.close();
    const features = texts.map((text, i) => ({
      bag: bag.encode(text),
      tokens: new Int32Array(0),
      vector: vectors.slice(i * encoder.nDims, (i + 1) * encoder.nDims),
    }));
    const top = await runExported(model, features, {
      nStems: bag.nStems,
      nTokens: 0,
      spaces: ['item'],
      topK: 5,
      threads: 1,
      description: manifest.model,
    });
    const { k, logits, columns } = top.item!;
    const scorer = await Scorer.load(folder.path('student'));
    const scores = await scorer.score(texts, { topK: k, space: 'item' });
    await scorer.close();
    scores.flat().forEach(({ tag, score }, i) => {
      expect(tag).toBe(tags.item![columns[i]!]!.tag);
      expect(score).toBeCloseTo(probability(calibrations.item!, logits[i]!, columns[i]!), 6);
    });
  });

  it('reads the vectors: without them the same words get other scores', async () => {
    await trainItem2Tag({
      dataset: folder.path('data'),
      out: folder.path('words'),
      ...TINY,
      precision: 'float32',
      refit: false,
    });
    const scorers = await Promise.all(['student', 'words'].map((name) => Scorer.load(folder.path(name))));
    const [both, words] = await Promise.all(scorers.map((scorer) => scorer.score('wine grape')));
    expect(both).not.toEqual(words);
    for (const scorer of scorers) await scorer.close();
  });

  it('encodes no text twice: a second training takes the vectors from the cache', async () => {
    expect(events.some(({ stage }) => stage === 'encode')).toBe(true);
    events.length = 0;
    expect((await train('again')).validation).toEqual(report.validation);
    expect(events.some(({ stage }) => stage === 'encode')).toBe(false);
  });

  it('takes the encoder from another folder, if it is the same', async () => {
    await writeTinyEncoder(folder.path('moved'));
    const here = await Scorer.load(folder.path('student'));
    const there = await Scorer.load(folder.path('student'), { hubEncoder: folder.path('moved') });
    expect(await there.score('wine and text')).toEqual(await here.score('wine and text'));
    await here.close();
    await there.close();
  });

  it('refuses another model in its place', async () => {
    await writeTinyEncoder(folder.path('other'), { seed: 2 });
    const loading = Scorer.load(folder.path('student'), { hubEncoder: folder.path('other') });
    await expect(loading).rejects.toMatchObject({
      code: 'E_BUNDLE_CHECKSUM',
      message: expect.stringContaining(folder.path('other')),
      hint: expect.stringContaining('same model files'),
    });
  });
});

describe('a student whose hub encoder is gone', () => {
  beforeAll(() => rename(folder.path('encoder'), folder.path('hidden')));
  afterAll(async () => {
    await rm(folder.path('encoder'), { recursive: true, force: true });
    await rename(folder.path('hidden'), folder.path('encoder'));
  });

  it('says where it looked, and what is wanted there', async () => {
    await expect(Scorer.load(folder.path('student'))).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      file: folder.path('encoder'),
      hint: expect.stringContaining('config.json'),
    });
  });

  it('cannot be trained, and says so before any bundle is written', async () => {
    await expect(train('never')).rejects.toMatchObject({ code: 'E_FILE_MISSING' });
  });
});
