import type { Calibrations, SpaceCalibration } from '../src/bundle/calibration.js';
import { TagdistillError } from '../src/core/errors.js';
import { unitHash } from '../src/core/hash.js';
import type { OnProgress } from '../src/core/progress.js';
import { SPACES, type Space } from '../src/core/space.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import { ItemEncoder } from '../src/features/item-encoder.js';
import { calibrateStudent } from './calibrate/calibrate-student.js';
import { readCheckpoint } from './checkpoint.js';
import { describeGraph, exportGraph, type ExportedStudent, type Precision } from './export-graph.js';
import { fitPart, type CheckpointOptions, type FitPartState, type FittedPart } from './fit-part.js';
import { frozenVectors, type FrozenEncoders } from './frozen-vectors.js';
import type { TopTags } from './inference-graph.js';
import { addLinear } from './linear/add-linear.js';
import { isDistributionLoss } from './losses.js';
import { namedTags, type ItemPool, type PrepareOptions, type PreparedTraining } from './prepare.js';
import { gateQuantisation, quantisationLosses, type QuantisationLoss } from './quantise/gate.js';
import { runExported } from './run-exported.js';
import { secondTry, type StudentSettings } from './settings.js';
import { spacesOf } from './tag-columns.js';
import { truthOf } from './truth.js';

export interface StudentOptions extends PrepareOptions {
  readonly seed: number;
  /** By default, where there are fewer than 10,000 items: a tenth more of many brings nothing. */
  readonly refit?: boolean;
  readonly threads: number;
  readonly precision: Precision;
  /** Points that int8 may lose in any figure; see {@link gateQuantisation}. */
  readonly maxQualityLoss: number;
  readonly encoders: FrozenEncoders;
  /** Where vectors of the hub encoder are kept. */
  readonly cacheDir: string;
  readonly checkpoint?: CheckpointOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What the validation items say of a student; all of it is JSON. */
interface ValidationOutcome {
  /** Chosen from the training items; the refit keeps them, as the epochs fit their schedule alone. */
  readonly settings: StudentSettings;
  readonly epochs: number;
  readonly ndcg: Readonly<Partial<Record<Space, number>>>;
  readonly calibrations: Calibrations;
  /** By tag, what its logits gain: single tags that the teacher names more or less often than their logits say. */
  readonly tagShifts: Readonly<Partial<Record<Space, Readonly<Record<string, number>>>>>;
  /** What int8 costs, a space; empty for float32 and without validation items. */
  readonly quantisation: Readonly<Partial<Record<Space, readonly QuantisationLoss[]>>>;
}

/** A student in memory, ready to export. */
export interface FittedStudent extends ValidationOutcome {
  readonly prepared: PreparedTraining;
  readonly student: ExportedStudent;
  readonly itemEncoder: ItemEncoder;
  /** shape [n, nVectorDims], of all items */
  readonly vectors: Float32Array;
  /** Whether it was trained again with the validation items. */
  readonly refit: boolean;
  readonly calibratedOn: 'validation items' | 'training items';
  readonly nTraining: number;
  readonly nValidation: number;
}

const VALIDATION_SHARE = 0.1;
const JUDGED_TAGS = 20;
const REFIT_BELOW = 10_000;

/**
 * Fit a student: once on the training items alone, to choose epochs, calibration and whether int8 is good enough on
 * the validation items, then on both together, if `refit` says so or there are few.
 *
 * Without a validation part, a tenth of the training items is held back for it, by a hash of their group or id.
 *
 * @throws TagdistillError `E_NO_ROWS` if no training item has a tag, `E_QUALITY_GATE` if int8 loses too much
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
  const { encoders, checkpoint } = options;
  const vectors = await frozenVectors(items, encoders, options);
  const pool: ItemPool = { items, encoders, vectors };
  const saved = checkpoint && (await readCheckpoint<FitPartState>(checkpoint.file, checkpoint.key));
  let outcome = saved?.state.stage === 'refit' ? (saved.state.known as ValidationOutcome) : undefined;
  let part: FittedPart | undefined;
  if (outcome === undefined) {
    part = await fitBest(pool, { training, validation }, options);
    outcome = await judgeExported(pool, validation.length > 0 ? validation : training, part, options);
  }
  const refit = validation.length > 0 && (options.refit ?? all.length < REFIT_BELOW);
  if (part === undefined || refit) {
    const { settings, epochs: stopAfter } = outcome;
    const again = { ...options, settings, stage: 'refit', stopAfter, known: outcome } as const;
    part = await fitPart(pool, { training: all, validation: [] }, again);
  }
  if (!refit && validation.length > 0 && outcome.settings.linearWeight > 0) {
    part = await refitLinear(pool, [...training, ...validation], part, options);
  }
  return {
    ...outcome,
    ndcg: validation.length > 0 ? outcome.ndcg : {},
    prepared: part.prepared,
    student: toExport(shiftBiases(part, outcome), encoders),
    itemEncoder: itemEncoderOf(part.prepared, encoders),
    vectors,
    refit,
    calibratedOn: validation.length > 0 ? 'validation items' : 'training items',
    nTraining: training.length,
    nValidation: validation.length,
  };
}

/** Fit with the settings that the data suggest, and with others worth a try; keep what ranks validation items better. */
async function fitBest(
  pool: ItemPool,
  items: { readonly training: readonly number[]; readonly validation: readonly number[] },
  options: StudentOptions,
): Promise<FittedPart> {
  const first = await fitPart(pool, items, { ...options, stage: 'train' });
  const { settings: given } = options;
  const other = secondTry(first.prepared.settings, { nTraining: items.training.length, given });
  if (other === undefined || items.validation.length === 0) return first;
  const { checkpoint: _, ...rest } = options;
  const second = await fitPart(pool, items, { ...rest, settings: other, stage: 'train' });
  return meanOf(second.ndcg) > meanOf(first.ndcg) ? second : first;
}

function meanOf(ndcg: FittedPart['ndcg']): number {
  const values = Object.values(ndcg);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Fit the linear classifiers once more, on all items: they take seconds, and every item brings them something. */
async function refitLinear(
  { items }: ItemPool,
  all: readonly number[],
  part: FittedPart,
  options: StudentOptions,
): Promise<FittedPart> {
  const { prepared, network } = part;
  const bags = all.map((i) => prepared.encoder.encode(items.texts[i]!));
  const named = namedTags(items, all, prepared.vocabularies);
  return { ...part, parameters: await addLinear(network, prepared, { ...options, bags, named }) };
}

/** Calibrate the form that will be exported, and hold it against float32. */
async function judgeExported(
  pool: ItemPool,
  judged: readonly number[],
  part: FittedPart,
  { precision, maxQualityLoss, threads, encoders }: StudentOptions,
): Promise<ValidationOutcome> {
  const { items } = pool;
  const { prepared, epochs, ndcg } = part;
  const { vocabularies } = prepared;
  const student = toExport(part, encoders);
  const features = encodePool(pool, judged, itemEncoderOf(prepared, encoders));
  const run = (as: Precision): Promise<Partial<Record<Space, TopTags>>> =>
    runExported(exportGraph(student, { precision: as }), features, {
      nStems: student.shape.nStems,
      nTokens: encoders.static?.nTokens ?? 0,
      spaces: spacesOf(student.shape),
      topK: JUDGED_TAGS,
      threads,
      description: describeExported(student, prepared, as),
    });
  const top = await run(precision);
  const calibrations = calibrateStudent(items, judged, vocabularies, top);
  const quantisation: Partial<Record<Space, readonly QuantisationLoss[]>> = {};
  if (precision === 'int8') {
    const reference = await run('float32');
    const ofReference = calibrateStudent(items, judged, vocabularies, reference);
    for (const space of spacesOf(student.shape)) {
      const truth = {
        truths: judged.map((item) => truthOf(items.labels[space]!, vocabularies[space]!, item)),
        uses: vocabularies[space]!.tags.map(({ uses }) => uses),
      };
      quantisation[space] = quantisationLosses(
        { ...reference[space]!, calibration: ofReference[space]! },
        { ...top[space]!, calibration: calibrations[space]! },
        truth,
      );
      gateQuantisation(quantisation[space], { space, maxLoss: maxQualityLoss });
    }
  }
  const { settings } = prepared;
  return { settings, epochs, ndcg, quantisation, ...takeShifts(calibrations, prepared) };
}

/** Move shifts from calibrations to the names of their tags: another training may number its tags otherwise. */
function takeShifts(
  calibrations: Calibrations,
  { vocabularies }: PreparedTraining,
): Pick<ValidationOutcome, 'calibrations' | 'tagShifts'> {
  const unshifted: Partial<Record<Space, SpaceCalibration>> = {};
  const tagShifts: Partial<Record<Space, Record<string, number>>> = {};
  for (const space of SPACES) {
    const calibration = calibrations[space];
    if (calibration === undefined) continue;
    unshifted[space] = { ...calibration, tagShifts: {} };
    const { tags } = vocabularies[space]!;
    tagShifts[space] = Object.fromEntries(
      Object.entries(calibration.tagShifts).map(([column, shift]) => [tags[Number(column)]!.tag, shift]),
    );
  }
  return { calibrations: unshifted, tagShifts };
}

/** Add the shifts of single tags to their biases, so that the model itself ranks by them. */
function shiftBiases(part: FittedPart, { tagShifts }: ValidationOutcome): FittedPart {
  const dense: Record<string, Float32Array> = { ...part.parameters.dense };
  for (const space of SPACES) {
    const shifts = new Map(Object.entries(tagShifts[space] ?? {}));
    const bias = dense[`${space}_bias`];
    if (bias === undefined || shifts.size === 0) continue;
    const { tags } = part.prepared.vocabularies[space]!;
    dense[`${space}_bias`] = bias.map((value, column) => value + (shifts.get(tags[column]!.tag) ?? 0));
  }
  return { ...part, parameters: { ...part.parameters, dense } };
}

/** Encode items whose frozen vectors are known. */
export function encodePool(
  { items, encoders, vectors }: ItemPool,
  which: readonly number[],
  encoder: ItemEncoder,
): ReturnType<ItemEncoder['features']>[] {
  const nStatic = encoders.static?.nDims ?? 0;
  const nDims = nStatic + encoder.nVectorDims;
  return which.map((i) => ({
    ...encoder.features({ text: items.texts[i]! }),
    vector: vectors.slice(i * nDims + nStatic, (i + 1) * nDims),
  }));
}

/** The manifest's description of an exported student. */
export function describeExported(
  student: ExportedStudent,
  { vocabularies }: PreparedTraining,
  precision: Precision,
): ReturnType<typeof describeGraph> {
  const uses = (space: Space): number[] => vocabularies[space]!.tags.map((tag) => tag.uses);
  return describeGraph(student, { precision, uses });
}

function toExport(
  { prepared, parameters }: FittedPart,
  { static: tokenTable }: FrozenEncoders,
): ExportedStudent {
  const { shape, settings } = prepared;
  return {
    shape,
    parameters,
    tagWordScale: settings.tagWordScale,
    isDistribution: isDistributionLoss(settings.loss),
    ...(tokenTable && { tokenTable }),
  };
}

function itemEncoderOf({ encoder }: PreparedTraining, encoders: FrozenEncoders): ItemEncoder {
  const { static: tokens, hub, nGivenDims } = encoders;
  return new ItemEncoder({ bag: encoder, nGivenDims, ...(tokens && { tokens }), ...(hub && { hub }) });
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
