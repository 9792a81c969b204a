import { beforeAll, describe, expect, it } from 'vitest';
import { loadLabelled } from '../../../src/dataset/load-labelled.js';
import { Scorer } from '../../../src/runtime/index.js';
import { fitStudent, type FittedStudent } from '../../../student/fit-student.js';
import { trainItem2Tag } from '../../../student/index.js';
import { InferenceGraph } from '../../../student/inference-graph.js';
import { spacesOf } from '../../../student/tag-columns.js';
import { bundleHashes } from '../../support/bundle-hashes.js';
import { writeBookDataset } from '../../support/book-dataset.js';
import { TINY_AND_SHORT } from '../../support/small-student.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const SETTINGS = { ...TINY_AND_SHORT.settings, loss: 'bce', linearWeight: 3, maxFeatures: 400 } as const;
let dataset: string;
let fitted: FittedStudent;

beforeAll(async () => {
  dataset = folder.path('books');
  await writeBookDataset(dataset, 160);
  fitted = await fitStudent(await loadLabelled(dataset, { splits: ['train', 'validation'] }), {
    ...{
      vocab: 'raw',
      minUses: 2,
      seed: 7,
      refit: false,
      threads: 1,
      precision: 'float32',
      maxQualityLoss: 1,
    },
    settings: SETTINGS,
    encoders: { nGivenDims: 0 },
    cacheDir: folder.path('cache'),
  });
});

describe('a student with linear classifiers', () => {
  it('adds what they say to the logits of its network, in each space', async () => {
    const { shape, parameters } = fitted.student;
    const { linear, ...network } = parameters;
    const { encoder } = fitted.prepared;
    const bag = encoder.encode('a winter journey through an old city of painters and thieves');
    const judged = { bags: [bag], vectors: new Float32Array(0) };
    const options = { threads: 1, isDistribution: false };
    const [whole, alone] = await Promise.all(
      [true, false].map((hasLinear) => InferenceGraph.build(shape, { ...options, hasLinear })),
    );
    const nAll = linear!.length / shape.nFeatures;
    let first = 0;
    for (const space of spacesOf(shape)) {
      const n = shape.nTags[space]!;
      const found = (await whole!.topTags(judged, parameters, n))[space]!;
      const base = (await alone!.topTags(judged, network, n))[space]!;
      const ofNetwork = new Map(Array.from(base.columns, (column, i) => [column, base.logits[i]!]));
      found.columns.forEach((column, i) => {
        let wanted = ofNetwork.get(column)!;
        bag.ids.forEach((id, j) => (wanted += bag.weights[j]! * linear![id * nAll + first + column]!));
        expect(found.logits[i]).toBeCloseTo(wanted, 4);
      });
      first += n;
    }
    expect(first).toBe(nAll);
    expect(linear!.some((value) => Math.abs(value) > 0.1)).toBe(true);
    await Promise.all([whole!.release(), alone!.release()]);
  });

  it('reads no more features than it may', () => {
    expect(fitted.student.shape.nFeatures).toBe(400);
  });

  it.each(['int8', 'float32'] as const)(
    'is exported as %s, the same for the same seed',
    async (precision) => {
      const options = {
        dataset,
        ...TINY_AND_SHORT,
        settings: SETTINGS,
        precision,
        minUses: 2,
        maxQualityLoss: 5,
      };
      const [a, b] = [folder.path(`${precision}-a/student`), folder.path(`${precision}-b/student`)];
      const report = await trainItem2Tag({ ...options, out: a });
      await trainItem2Tag({ ...options, out: b });
      expect(report.parity.maxDifference).toBeLessThan(1e-5);
      expect(await bundleHashes(a)).toEqual(await bundleHashes(b));
      const scorer = await Scorer.load(a);
      const { item } = await scorer.score('a murder in an old city');
      expect(item!.length).toBeGreaterThan(0);
      await scorer.close();
    },
  );

  it('refuses a weight below nought', async () => {
    const out = folder.path('refused');
    const training = trainItem2Tag({ dataset, out, ...TINY_AND_SHORT, settings: { linearWeight: -1 } });
    await expect(training).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
  });
});
