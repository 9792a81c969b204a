import { beforeAll, describe, expect, it } from 'vitest';
import { loadLabelled } from '../../src/dataset/load-labelled.js';
import { fitPart, type FittedPart } from '../../student/fit-part.js';
import { fitStudent, type FittedStudent } from '../../student/fit-student.js';
import { prepareTraining, type ItemPool, type PreparedTraining } from '../../student/prepare.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
/** Training items nearly all have "narrative", of validation items a third; the others have "story". */
const items = smallItems(400).map((item, i) => {
  const isHeldOut = i % 10 >= 6;
  const second = (isHeldOut && (i >> 2) % 3 > 0) || i < 4 ? 'story' : 'narrative';
  return {
    ...item,
    split: isHeldOut ? ('validation' as const) : ('train' as const),
    itemTags: [item.itemTags[0]!, [second, 0.5] as const],
    userTags: [],
  };
});

let fitted: FittedStudent;
let refit: FittedPart;
let before: PreparedTraining;
beforeAll(async () => {
  await writeSmallDataset(folder.path('data'), items);
  const labelled = await loadLabelled(folder.path('data'));
  const encoders = { nGivenDims: 0 };
  const options = {
    vocab: 'raw',
    minUses: 1,
    seed: 7,
    refit: true,
    threads: 1,
    precision: 'int8',
    maxQualityLoss: 100,
    settings: { nDims: 8, epochs: 6, loss: 'softmax', learningRate: 2e-3, batchSize: 64 },
    encoders,
    cacheDir: folder.path('cache'),
  } as const;
  fitted = await fitStudent(labelled, options);
  const pool: ItemPool = { items: labelled, encoders, vectors: new Float32Array(0) };
  const all = labelled.ids.map((_, i) => i);
  const training = all.filter((i) => labelled.splits[i] === 'train');
  before = await prepareTraining(pool, training, options);
  // The same training as the student's second one, whose biases hold no shifts.
  refit = await fitPart(
    pool,
    { training: all, validation: [] },
    {
      ...options,
      settings: fitted.prepared.settings,
      stage: 'refit',
      stopAfter: fitted.epochs,
    },
  );
});

const columnsOf = ({ vocabularies }: PreparedTraining): Map<string, number> =>
  new Map(vocabularies.item!.tags.map(({ tag }, column) => [tag, column]));

describe('shifts of single tags, after the refit', () => {
  it('are those that the validation items asked for', () => {
    expect(fitted.tagShifts.item!['narrative']).toBeLessThan(-0.1);
    expect(fitted.tagShifts.item!['story']).toBeGreaterThan(0.1);
  });

  it('stand in the biases of the same tags by name, though columns moved', () => {
    const columns = columnsOf(fitted.prepared);
    expect(columns.get('story')).not.toBe(columnsOf(before).get('story'));
    const shifted = fitted.student.parameters.dense['item_bias']!;
    const plain = refit.parameters.dense['item_bias']!;
    for (const [tag, column] of columns) {
      const shift = fitted.tagShifts.item![tag] ?? 0;
      expect(shifted[column]! - plain[column]!, tag).toBeCloseTo(shift, 4);
    }
  });

  it('are no longer in the calibration, which would add them twice', () => {
    expect(fitted.calibrations.item!.tagShifts).toEqual({});
    expect(fitted.calibrations.item!.report!.stages).toContain('tag shifts');
  });

  it('change nothing else of the network', () => {
    for (const [name, values] of Object.entries(refit.parameters.dense)) {
      if (name !== 'item_bias') expect(fitted.student.parameters.dense[name], name).toEqual(values);
    }
    expect(fitted.student.parameters.embedding).toEqual(refit.parameters.embedding);
  });
});
