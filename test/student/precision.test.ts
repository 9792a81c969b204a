import { beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_FILES } from '../../src/bundle/manifest.js';
import { isThere } from '../../src/core/is-there.js';
import { SPACES } from '../../src/core/space.js';
import { Scorer } from '../../src/runtime/scorer.js';
import type { TextScores } from '../../src/runtime/scores.js';
import {
  trainItem2Tag,
  type Precision,
  type QuantisationLoss,
  type TrainReport,
} from '../../student/index.js';
import { writeBookDataset } from '../support/book-dataset.js';
import { TINY } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const PRECISIONS: readonly Precision[] = ['int8', 'float32'];
const reports: Partial<Record<Precision, TrainReport>> = {};
const alone: Partial<Record<Precision, TextScores[]>> = {};
const together: Partial<Record<Precision, TextScores[]>> = {};
let dataset: string;

beforeAll(async () => {
  dataset = folder.path('books');
  const texts = (await writeBookDataset(dataset, 160)).map(({ text }) => text);
  texts.push('', '历史 🧑‍🏫', 'wine '.repeat(3000));
  for (const precision of PRECISIONS) {
    const out = folder.path(precision);
    const settings = { nDims: 32, nHidden: 16, epochs: 4 };
    reports[precision] = await trainItem2Tag({
      dataset,
      out,
      ...TINY,
      encoder: 'default',
      settings,
      precision,
    });
    const scorer = await Scorer.load(out);
    together[precision] = await scorer.score(texts, { topK: 10_000 });
    alone[precision] = [];
    for (const text of texts) alone[precision].push(await scorer.score(text, { topK: 10_000 }));
    await scorer.close();
  }
});

const scoresOf = (scores: TextScores): Map<string, number> =>
  new Map(SPACES.flatMap((space) => scores[space]!.map(({ tag, score }) => [`${space} ${tag}`, score])));

/** The largest difference of any tag's probability. */
function furthest(a: readonly TextScores[], b: readonly TextScores[]): number {
  let most = 0;
  a.forEach((scores, i) => {
    const others = scoresOf(b[i]!);
    for (const [tag, score] of scoresOf(scores)) most = Math.max(most, Math.abs(score - others.get(tag)!));
  });
  return most;
}

describe('precision', () => {
  // Float32 sums of a batch are rounded otherwise, which may move an int8 activation by one step.
  it.each<[Precision, number]>([
    ['int8', 1e-3],
    ['float32', 1e-6],
  ])('%s: scores do not depend on the texts beside, within %d', (precision, tolerance) => {
    expect(furthest(alone[precision]!, together[precision]!)).toBeLessThan(tolerance);
  });

  it('int8 and float32 agree within 0.02 on every tag, and name the same best tag for 95 % of texts', () => {
    expect(furthest(together.int8!, together.float32!)).toBeLessThan(0.02);
    const pairs = together.int8!.flatMap((scores, i) =>
      SPACES.map((space) => [scores[space]![0]!.tag, together.float32![i]![space]![0]!.tag]),
    );
    expect(pairs.filter(([a, b]) => a === b).length / pairs.length).toBeGreaterThan(0.95);
  });

  it('int8 is smaller, and each form has its own file', async () => {
    expect(reports.int8!.sizeBytes).toBeLessThan(reports.float32!.sizeBytes);
    for (const precision of PRECISIONS) {
      for (const other of PRECISIONS)
        expect(await isThere(folder.path(`${precision}/${BUNDLE_FILES[other]}`))).toBe(other === precision);
    }
  });

  it('tells what int8 costs, of both spaces, and nothing for float32', () => {
    for (const space of SPACES) {
      const figures = reports.int8!.quantisation[space]!.map(({ figure }) => figure);
      expect(figures).toEqual(['P@1', 'P@5', 'nDCG@5', 'nDCG@10', 'ECE@10', 'tail recall@10']);
    }
    expect(reports.float32!.quantisation).toEqual({});
  });
});

describe('the limit of what int8 may cost', () => {
  const shared = { ...TINY, refit: false } as const;
  const settings = {
    epochs: 10,
    loss: 'softmax',
    lexicalScale: 0,
    learningRate: 2e-3,
    batchSize: 64,
  } as const;

  it('stops a training that loses more, and writes no bundle', async () => {
    const data = folder.path('more books');
    await writeBookDataset(data, 200);
    let real: readonly QuantisationLoss[] = [];
    let options = { ...shared, dataset: data, settings: { ...settings, nDims: 4 } };
    // int8 costs so little that not every width shows a loss beyond chance.
    for (const nDims of [4, 8, 2, 16]) {
      options = { ...options, settings: { ...settings, nDims } };
      const free = await trainItem2Tag({ ...options, out: folder.path('free'), maxQualityLoss: 100 });
      real = Object.values(free.quantisation)
        .flat()
        .filter(({ loss, low }) => loss > 0 && low > 0);
      if (real.length > 0) break;
    }
    expect(real.length).toBeGreaterThan(0);
    const out = folder.path('limited');
    await expect(trainItem2Tag({ ...options, out, maxQualityLoss: 0 })).rejects.toMatchObject({
      code: 'E_QUALITY_GATE',
      message: expect.stringContaining(real[0]!.figure),
      hint: expect.stringContaining('--float32'),
    });
    expect(await isThere(out)).toBe(false);
    const most = Math.max(...real.map(({ loss }) => loss));
    await trainItem2Tag({ ...options, out, maxQualityLoss: most });
    expect(await isThere(out)).toBe(true);
  });

  it('does not hold for float32', async () => {
    const out = folder.path('unlimited');
    const options = { ...shared, dataset, settings: { ...settings, nDims: 8 } };
    await trainItem2Tag({ ...options, out, precision: 'float32', maxQualityLoss: 0 });
    expect(await isThere(out)).toBe(true);
  });
});
