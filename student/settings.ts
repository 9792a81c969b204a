import type { FitSettings } from './fit-network.js';

/** How a student is made: the features it reads, its network, its training. Stands in the manifest. */
export interface StudentSettings extends FitSettings {
  readonly nDims: number;
  readonly nHidden: number;
  /** Passes over the training items that the learning rate's fall is planned for. */
  readonly epochs: number;
  readonly minTextsOfNgrams: number;
  readonly maxFeatures: number;
  /** Read the text's lead once more, by words and characters. */
  readonly lead: boolean;
}

/** What the settings are chosen from. */
export interface DataFacts {
  readonly nTraining: number;
  /** Tags of the vocabulary, all spaces. */
  readonly nTags: number;
  /** Uses of them by training items. */
  readonly nUses: number;
}

/** Numbers in the embedding table, at most; int8 makes as many bytes of them. */
const MAX_TABLE_NUMBERS = 9_000_000;

const COMMON = {
  temperature: 1,
  negativeWeight: 1,
  marginWeight: 0,
  weightDecay: 0,
  lead: true,
  lexicalScale: 4,
} as const;

/** Few uses a tag: the tags' words and a shared subspace must carry what single tags cannot learn. */
const SPARSE = {
  ...COMMON,
  loss: 'softmax',
  batchSize: 64,
  learningRate: 2e-3,
  rowRule: 'adam',
  rowRateScale: 1,
  featureDropout: 0,
  tagWordScale: 0.25,
  nDims: 256,
  nHidden: 0,
  minTextsOfNgrams: 2,
} as const;

/** Many uses a tag: each tag can learn its own yes and no, and a hidden layer pays. */
const DENSE = {
  ...COMMON,
  loss: 'bce',
  batchSize: 256,
  learningRate: 2e-3,
  rowRule: 'adagrad',
  rowRateScale: 25,
  featureDropout: 0.3,
  tagWordScale: 0,
  lexicalScale: 0,
  nDims: 128,
  nHidden: 512,
  minTextsOfNgrams: 2,
} as const;

const DENSE_FROM_USES = 30;
const DENSE_FROM_ITEMS = 3000;

/**
 * Choose settings from the data: how many uses there are a tag, and how many items.
 *
 * The thresholds lie between the development splits that docs/students.md reports; `given` overrules.
 */
export function chooseSettings(
  { nTraining, nTags, nUses }: DataFacts,
  given: Partial<StudentSettings> = {},
): StudentSettings {
  const isDense = nUses / Math.max(1, nTags) >= DENSE_FROM_USES && nTraining >= DENSE_FROM_ITEMS;
  const base = { ...(isDense ? DENSE : SPARSE), ...given };
  const stepsPerEpoch = Math.ceil(nTraining / base.batchSize);
  // Small sets need many passes, large ones few.
  const epochs = isDense ? 6 : Math.min(100, Math.max(4, Math.ceil(160 / stepsPerEpoch)));
  return { epochs, maxFeatures: Math.floor(MAX_TABLE_NUMBERS / base.nDims), ...base };
}
