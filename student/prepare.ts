import { TagdistillError } from '../src/core/errors.js';
import type { OnProgress } from '../src/core/progress.js';
import { SPACES, type Space } from '../src/core/space.js';
import { joinColumns, selectRows, type SparseRows } from '../src/core/sparse.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import type { Bag, BagEncoder } from '../src/features/bag-encoder.js';
import { fitBagEncoder } from '../src/features/fit-bag-encoder.js';
import { buildVocabulary, type Vocabulary, type VocabularyKind } from '../src/tags/vocabulary.js';
import { tagDims, tagVectors, vectorDims, type FrozenEncoders } from './frozen-vectors.js';
import { selectFeatures } from './linear/select-features.js';
import { isDistributionLoss } from './losses.js';
import type { NetworkShape, TagStems } from './network.js';
import { chooseSettings, type StudentSettings } from './settings.js';
import { stemIdf, tagStems } from './tag-stems.js';
import {
  namedWeights,
  targetDistributions,
  weighByPropensity,
  type TrainingItems,
} from './training-items.js';

export type Vocabularies = Readonly<Partial<Record<Space, Vocabulary>>>;

/** All items, with what does not depend on which of them are trained on. */
export interface ItemPool {
  readonly items: LabelledItems;
  readonly encoders: FrozenEncoders;
  /** shape [n, nVectorDims] */
  readonly vectors: Float32Array;
}

export interface PrepareOptions {
  readonly vocab: VocabularyKind;
  readonly minUses: number;
  readonly settings: Partial<StudentSettings>;
  readonly seed: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Everything that training on some of the items starts from. */
export interface PreparedTraining {
  readonly settings: StudentSettings;
  readonly shape: NetworkShape;
  readonly encoder: BagEncoder;
  /** shape [nStems] */
  readonly stemIdf: Float32Array;
  readonly vocabularies: Vocabularies;
  readonly training: TrainingItems;
  readonly tagBags: Readonly<Partial<Record<Space, readonly Bag[]>>>;
}

/** Features that linear classifiers choose from, for each that is kept. */
const CANDIDATES_A_FEATURE = 3;

/**
 * Build vocabularies, features and targets from some of the items.
 *
 * @throws TagdistillError `E_NO_ROWS` if no tag is used often enough
 */
export async function prepareTraining(
  { items, encoders, vectors }: ItemPool,
  which: readonly number[],
  { vocab, minUses, settings: given, ...running }: PrepareOptions,
): Promise<PreparedTraining> {
  const vocabularies: Partial<Record<Space, Vocabulary>> = {};
  const rowsOf: Partial<Record<Space, SparseRows>> = {};
  let nUses = 0;
  for (const space of SPACES) {
    const labels = items.labels[space];
    if (labels === undefined) continue;
    const rows = selectRows(labels.rows, which);
    const vocabulary = buildVocabulary(labels.tags, rows, { kind: vocab, minUses });
    if (vocabulary.tags.length === 0) continue;
    vocabularies[space] = vocabulary;
    rowsOf[space] = rows;
    nUses += vocabulary.tags.reduce((sum, { uses }) => sum + uses, 0);
  }
  const tags = Object.values(vocabularies).flatMap((vocabulary) => vocabulary.tags.map(({ tag }) => tag));
  if (tags.length === 0) {
    throw new TagdistillError('E_NO_ROWS', `no tag is used by ${minUses} training items or more`, {
      hint: 'Lower --min-uses.',
    });
  }
  const settings = chooseSettings({ nTraining: which.length, nTags: tags.length, nUses }, given);
  const { maxFeatures, linearWeight, linearCost } = settings;
  const texts = which.map((i) => items.texts[i]!);
  const reading = { wordNgrams: 2, maxWords: 2048, ...settings, tags };
  const nCandidates = linearWeight > 0 ? CANDIDATES_A_FEATURE * maxFeatures : maxFeatures;
  let encoder = fitBagEncoder(texts, { ...reading, maxFeatures: nCandidates });
  let bags = texts.map((text) => encoder.encode(text));
  if (linearWeight > 0) {
    const named = namedTags(items, which, vocabularies);
    encoder = await selectFeatures(encoder, bags, named, {
      ...running,
      cost: linearCost,
      nKept: maxFeatures,
    });
    bags = texts.map((text) => encoder.encode(text));
  }
  const idf = stemIdf(bags, encoder.nStems);
  const nTags: Partial<Record<Space, number>> = {};
  const targets: Partial<Record<Space, SparseRows>> = {};
  const tagBags: Partial<Record<Space, Bag[]>> = {};
  const stems: Partial<Record<Space, TagStems>> = {};
  const ownVectors: Partial<Record<Space, Float32Array>> = {};
  for (const space of SPACES) {
    const vocabulary = vocabularies[space];
    if (vocabulary === undefined) continue;
    const names = vocabulary.tags.map(({ tag }) => tag);
    nTags[space] = names.length;
    targets[space] = targetsOf(rowsOf[space]!, vocabulary, settings);
    const encoded = (tagBags[space] = names.map((tag) => encoder.encode(tag)));
    stems[space] = tagStems(encoded, idf);
    ownVectors[space] = await tagVectors(names, encoders);
  }
  const nTagDims = tagDims(encoders);
  const nVectorDims = vectorDims(encoders);
  const shape: NetworkShape = {
    nFeatures: Math.max(1, encoder.nFeatures),
    nDims: settings.nDims,
    nHidden: settings.nHidden,
    nVectorDims,
    nTags,
    nStems: encoder.nStems,
    tagStems: stems,
    ...(nTagDims > 0 && { tagVectors: { nDims: nTagDims, values: ownVectors } }),
  };
  const training = { bags, vectors: selectVectors(vectors, nVectorDims, which), targets };
  return { settings, shape, encoder, stemIdf: idf, vocabularies, training, tagBags };
}

/** What linear classifiers are fitted to: the tags of some items, all spaces side by side, shape [n, nAllTags]. */
export function namedTags(
  { labels }: LabelledItems,
  which: readonly number[],
  vocabularies: Vocabularies,
): SparseRows {
  return joinColumns(
    SPACES.flatMap((space) => {
      const vocabulary = vocabularies[space];
      if (vocabulary === undefined) return [];
      return [
        namedWeights(selectRows(labels[space]!.rows, which), vocabulary.columnOf, vocabulary.tags.length),
      ];
    }),
  );
}

/** What the loss of a space compares logits with, shape [nItems, nTags]. */
function targetsOf(
  rows: SparseRows,
  { columnOf, tags }: Vocabulary,
  { loss, propensityPower: power }: StudentSettings,
): SparseRows {
  const isDistribution = isDistributionLoss(loss);
  const plain = (isDistribution ? targetDistributions : namedWeights)(rows, columnOf, tags.length);
  if (power === 0) return plain;
  const uses = tags.map((tag) => tag.uses);
  return weighByPropensity(plain, uses, { power, keepRowSums: isDistribution });
}

/** Copy some rows of an array of rows. */
export function selectVectors(vectors: Float32Array, nDims: number, which: readonly number[]): Float32Array {
  const selected = new Float32Array(which.length * nDims);
  which.forEach((row, i) => selected.set(vectors.subarray(row * nDims, (row + 1) * nDims), i * nDims));
  return selected;
}
