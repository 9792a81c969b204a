import type { FitSettings } from './fit-network.js';

/** How a student is made: the features it reads, its network, its training. Stands in the manifest. */
export interface StudentSettings extends FitSettings {
  readonly nDims: number;
  readonly nHidden: number;
  /** How far rare tags are weighed up in training; see docs/students.md. */
  readonly propensityPower: number;
  /** Passes over the training items that the learning rate's fall is planned for. */
  readonly epochs: number;
  readonly minTextsOfNgrams: number;
  readonly maxFeatures: number;
  /** How much the logits of linear classifiers count beside the network's; 0 for none. See `linear/`. */
  readonly linearWeight: number;
  /** What an error costs them against the size of their weights. */
  readonly linearCost: number;
  /** Weight of the text's lead, read once more by words and characters; 0 for none. */
  readonly leadWeight: number;
}

/** What the settings are chosen from. */
export interface DataFacts {
  readonly nTraining: number;
  /** Tags of the vocabulary, all spaces. */
  readonly nTags: number;
  /** Uses of them by training items. */
  readonly nUses: number;
}

/** Numbers in the tables that have a row a feature, at most; int8 makes as many bytes of them. */
const MAX_TABLE_NUMBERS = 9_000_000;

const COMMON = {
  temperature: 1,
  negativeWeight: 1,
  marginWeight: 0,
  propensityPower: 0,
  weightDecay: 0,
  linearWeight: 0,
  linearCost: 0.5,
  lexicalScale: 4,
} as const;

/** Few uses a tag: the tags' words and a shared subspace must carry what single tags cannot learn. */
const SPARSE = {
  ...COMMON,
  loss: 'decoupled',
  batchSize: 64,
  learningRate: 1e-3,
  rowRule: 'adam',
  rowRateScale: 1,
  featureDropout: 0,
  tagWordScale: 0.25,
  nDims: 256,
  nHidden: 0,
  minTextsOfNgrams: 2,
  leadWeight: 0,
} as const;

/** Many uses a tag: each tag can learn its own yes and no, and a hidden layer pays. */
const DENSE = {
  ...COMMON,
  loss: 'bce',
  batchSize: 128,
  learningRate: 2e-3,
  rowRule: 'adam',
  rowRateScale: 1,
  featureDropout: 0.5,
  tagWordScale: 0,
  lexicalScale: 0,
  nDims: 256,
  nHidden: 512,
  linearWeight: 4,
  minTextsOfNgrams: 2,
  leadWeight: 0.5,
} as const;

/** Linear classifiers take a number a feature and tag: many tags would leave room for too few features. */
const LINEAR_MOST_TAGS = 1000;
/** Their multipliers take a number an item and tag while they are fitted. */
const LINEAR_MOST_MULTIPLIERS = 100_000_000;

const SPARSE_STEPS = 200;
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
  const hasLinear = isDense && nTags <= LINEAR_MOST_TAGS && nTraining * nTags <= LINEAR_MOST_MULTIPLIERS;
  const base = { ...(isDense ? DENSE : SPARSE), ...(!hasLinear && { linearWeight: 0 }), ...given };
  const stepsPerEpoch = Math.ceil(nTraining / base.batchSize);
  // Small sets need many passes, large ones few.
  const epochs = isDense ? 3 : Math.min(100, Math.max(4, Math.ceil(SPARSE_STEPS / stepsPerEpoch)));
  const rowLength = base.nDims + (base.linearWeight > 0 ? nTags : 0);
  return { epochs, maxFeatures: Math.max(1, Math.floor(MAX_TABLE_NUMBERS / rowLength)), ...base };
}

/** Below this many training items, trying a second value is cheap and a wrong one is costly. */
const TRIED_BELOW = 10_000;
const TRIED_LEAD_WEIGHT = 0.5;

/**
 * Give settings that are worth a second try on validation items, beside those of {@link chooseSettings}.
 *
 * Whether a text's lead says more of its tags than the rest is not to be seen without trying: it does for questions,
 * and misleads for books.
 *
 * @returns undefined where the lead's weight was given, or there are too many items to try
 */
export function secondTry(
  chosen: StudentSettings,
  { nTraining, given }: { readonly nTraining: number; readonly given: Partial<StudentSettings> },
): StudentSettings | undefined {
  if (given.leadWeight !== undefined || chosen.leadWeight > 0 || nTraining >= TRIED_BELOW) return undefined;
  return { ...chosen, leadWeight: TRIED_LEAD_WEIGHT };
}
