import type { Calibrations } from '../src/bundle/calibration.js';
import { TagdistillError } from '../src/core/errors.js';
import { unitHash } from '../src/core/hash.js';
import type { OnProgress } from '../src/core/progress.js';
import { SPACES, type Space } from '../src/core/space.js';
import { selectRows } from '../src/core/sparse.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import type { Bag, BagEncoder } from '../src/features/bag-encoder.js';
import { fitBagEncoder } from '../src/features/fit-bag-encoder.js';
import { buildVocabulary, type Vocabulary, type VocabularyKind } from '../src/tags/vocabulary.js';
import { calibrateStudent } from './calibrate/calibrate-student.js';
import { fitNetwork } from './fit-network.js';
import { InferenceGraph, type TopTags } from './inference-graph.js';
import { judge, type Judgement } from './judge.js';
import type { NetworkParameters, NetworkShape, TagStems } from './network.js';
import { stemIdf, tagStems } from './tag-stems.js';
import { targetDistributions } from './training-items.js';

export interface StudentOptions {
  readonly vocab: VocabularyKind;
  readonly minUses: number;
  readonly seed: number;
  /** By default, from the number of training items; see {@link defaultEpochs}. */
  readonly epochs?: number;
  readonly nDims: number;
  readonly refit: boolean;
  readonly threads: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A student in memory, ready to export. */
export interface FittedStudent {
  readonly shape: NetworkShape;
  readonly parameters: NetworkParameters;
  readonly encoder: BagEncoder;
  readonly vocabularies: Readonly<Partial<Record<Space, Vocabulary>>>;
  readonly calibrations: Calibrations;
  readonly calibratedOn: 'validation items' | 'training items';
  readonly epochs: number;
  readonly validation: Readonly<Partial<Record<Space, number>>>;
  readonly nTraining: number;
  readonly nValidation: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

// Chosen on validation items of the books; docs/students.md tells what was tried.
const FEATURES = { wordNgrams: 2, maxWords: 2048, minTextsOfNgrams: 2, maxFeatures: 200_000 };
const FIT = { batchSize: 64, learningRate: 2e-3, tagWordScale: 0.25, lexicalScale: 4 };
const PATIENCE = 3;
const VALIDATION_SHARE = 0.1;

/**
 * Fit a student: once on the training items alone, to choose epochs and calibration on the validation items,
 * then (with `refit`) on both together.
 *
 * Without a validation part, a tenth of the training items is held back for it, by a hash of their group or id.
 *
 * @throws TagdistillError `E_NO_ROWS` if no training item has a tag
 */
export async function fitStudent(items: LabelledItems, options: StudentOptions): Promise<FittedStudent> {
  const all = items.ids.map((_, i) => i).filter((i) => hasTags(items, i));
  const isValidation = validationPart(items, all);
  const training = all.filter((i) => !isValidation(i));
  const validation = all.filter(isValidation);
  if (training.length === 0) {
    throw new TagdistillError('E_NO_ROWS', `none of the ${items.ids.length} training items has a tag`, {
      hint: 'Check the split and the tag columns with `tagdistill inspect <data set>`.',
    });
  }
  const schedule = options.epochs ?? defaultEpochs(training.length);
  const first = await fitOn(items, training, options, { schedule, stage: 'train' }, validation);
  const { epochs, judgement, calibrations } = first;
  const final =
    options.refit && validation.length > 0
      ? await fitOn(items, all, options, { schedule, stage: 'refit', stopAfter: epochs })
      : first;
  return {
    ...final.model,
    calibrations,
    calibratedOn: validation.length > 0 ? 'validation items' : 'training items',
    epochs,
    validation: validation.length > 0 ? judgement.ndcg : {},
    nTraining: training.length,
    nValidation: validation.length,
    settings: { schedule, ...FIT, features: FEATURES },
  };
}

/** Enough epochs for some 160 steps, but never fewer than 4: small sets need many passes, large ones few. */
function defaultEpochs(nTraining: number): number {
  const stepsPerEpoch = Math.ceil(nTraining / FIT.batchSize);
  return Math.min(100, Math.max(4, Math.ceil(160 / stepsPerEpoch)));
}

interface Judged {
  readonly judgement: Judgement;
  readonly top: Partial<Record<Space, TopTags>>;
}

interface Fit {
  readonly model: Pick<FittedStudent, 'shape' | 'parameters' | 'encoder' | 'vocabularies'>;
  readonly epochs: number;
  readonly judgement: Judgement;
  readonly calibrations: Calibrations;
}

async function fitOn(
  items: LabelledItems,
  which: readonly number[],
  options: StudentOptions,
  {
    schedule,
    stage,
    stopAfter,
  }: { readonly schedule: number; readonly stage: string; readonly stopAfter?: number },
  validation: readonly number[] = [],
): Promise<Fit> {
  const texts = which.map((i) => items.texts[i]!);
  const vocabularies: Partial<Record<Space, Vocabulary>> = {};
  const targets: Partial<Record<Space, ReturnType<typeof targetDistributions>>> = {};
  const nTags: Partial<Record<Space, number>> = {};
  for (const space of SPACES) {
    const labels = items.labels[space];
    if (labels === undefined) continue;
    const rows = selectRows(labels.rows, which);
    const vocabulary = buildVocabulary(labels.tags, rows, { kind: options.vocab, minUses: options.minUses });
    if (vocabulary.tags.length === 0) continue;
    vocabularies[space] = vocabulary;
    nTags[space] = vocabulary.tags.length;
    targets[space] = targetDistributions(rows, vocabulary.columnOf, vocabulary.tags.length);
  }
  if (Object.keys(nTags).length === 0) {
    throw new TagdistillError('E_NO_ROWS', `no tag is used by ${options.minUses} training items or more`, {
      hint: 'Lower --min-uses.',
    });
  }
  const tags = Object.values(vocabularies).flatMap((vocabulary) => vocabulary.tags.map(({ tag }) => tag));
  const encoder = fitBagEncoder(texts, { ...FEATURES, tags });
  const bags = texts.map((text) => encoder.encode(text));
  const idf = stemIdf(bags, encoder.nStems);
  const tagBags: Partial<Record<Space, Bag[]>> = {};
  const stems: Partial<Record<Space, TagStems>> = {};
  for (const space of SPACES) {
    const encoded = vocabularies[space]?.tags.map(({ tag }) => encoder.encode(tag));
    if (encoded === undefined) continue;
    tagBags[space] = encoded;
    stems[space] = tagStems(encoded, idf);
  }
  const shape: NetworkShape = {
    nFeatures: Math.max(1, encoder.nFeatures),
    nDims: options.nDims,
    nTags,
    nStems: encoder.nStems,
    tagStems: stems,
  };
  const judged = validation.length > 0 ? validation : which;
  const judgedBags = judged.map((i) => encoder.encode(items.texts[i]!));
  const graph = await InferenceGraph.build(shape, { threads: options.threads });
  let best: ({ epoch: number; score: number; parameters: NetworkParameters } & Judged) | undefined;
  const judgeNow = async (parameters: NetworkParameters): Promise<Judged> => {
    const top = await graph.topTags(judgedBags, parameters, 20);
    return { top, judgement: judge(items, judged, vocabularies, top) };
  };
  try {
    const parameters = await fitNetwork(
      shape,
      { bags, targets },
      {
        ...FIT,
        seed: options.seed,
        epochs: schedule,
        threads: options.threads,
        tagBags,
        ...(stopAfter !== undefined && { stopAfter }),
        ...(options.signal && { signal: options.signal }),
        onProgress: (event) =>
          options.onProgress?.({
            ...event,
            stage,
            figures: { ...event.figures, ...(best && { 'validation nDCG@5': best.score }) },
          }),
        afterEpoch: async (epoch, current) => {
          if (validation.length === 0) return false;
          const { judgement, top } = await judgeNow(current);
          // Of equal epochs the later one: its probabilities are sharper.
          if (best === undefined || judgement.meanNdcg >= best.score) {
            best = { epoch, score: judgement.meanNdcg, parameters: copyOf(current), judgement, top };
          }
          return epoch - best.epoch >= PATIENCE;
        },
      },
    );
    const model = { shape, encoder, vocabularies };
    if (best !== undefined) {
      return {
        model: { ...model, parameters: best.parameters },
        epochs: best.epoch,
        judgement: best.judgement,
        calibrations: calibrateStudent(items, judged, vocabularies, best.top),
      };
    }
    const { judgement, top } = await judgeNow(parameters);
    return {
      model: { ...model, parameters },
      epochs: stopAfter ?? schedule,
      judgement,
      calibrations: calibrateStudent(items, judged, vocabularies, top),
    };
  } finally {
    await graph.release();
  }
}

function hasTags({ labels }: LabelledItems, item: number): boolean {
  return SPACES.some((space) => {
    const offsets = labels[space]?.rows.offsets;
    return offsets !== undefined && offsets[item + 1]! > offsets[item]!;
  });
}

function validationPart(items: LabelledItems, all: readonly number[]): (item: number) => boolean {
  if (all.some((i) => items.splits[i] === 'validation')) return (i) => items.splits[i] === 'validation';
  if (all.length < 20) return () => false;
  return (i) => unitHash(items.groups[i] ?? items.ids[i]!) < VALIDATION_SHARE;
}

function copyOf({ embedding, dense }: NetworkParameters): NetworkParameters {
  return {
    embedding: embedding.slice(),
    dense: Object.fromEntries(Object.entries(dense).map(([name, values]) => [name, values.slice()])),
  };
}
