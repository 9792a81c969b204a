import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { BundleManifest } from '../src/bundle/manifest.js';
import type { BundleTag } from '../src/bundle/tag-list.js';
import { BUNDLE_FOLDER, writeBundle } from '../src/bundle/write-bundle.js';
import { refuseOtherFolder } from '../src/bundle/write-folder.js';
import { TagdistillError } from '../src/core/errors.js';
import { sha256 } from '../src/core/hash.js';
import { packageVersion } from '../src/core/package-info.js';
import { SPACES, type Space } from '../src/core/space.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import { loadLabelled } from '../src/dataset/load-labelled.js';
import { tagId } from '../src/tags/cover/tag-id.js';
import { refuseFolderAt, removeCheckpoint } from './checkpoint.js';
import { exportGraph, type Precision } from './export-graph.js';
import { describeExported, encodePool, fitStudent, type FittedStudent } from './fit-student.js';
import { modelCard } from './model-card.js';
import { openEncoders, type OpenEncoders } from './open-encoders.js';
import { measureParity, type Parity } from './parity.js';
import { selectVectors } from './prepare.js';
import type { QuantisationLoss } from './quantise/gate.js';
import type { StudentSettings } from './settings.js';
import { spacesOf } from './tag-columns.js';
import type { TrainOptions } from './train-options.js';

export interface TrainReport {
  readonly dir: string;
  readonly nTraining: number;
  readonly nValidation: number;
  readonly nTags: Readonly<Partial<Record<Space, number>>>;
  readonly nParameters: number;
  /** Epochs trained, chosen on the validation items. */
  readonly epochs: number;
  /** nDCG@5 on the validation items, before refitting. */
  readonly validation: Readonly<Partial<Record<Space, number>>>;
  readonly parity: Parity;
  readonly precision: Precision;
  /** What int8 costs on the validation items, a space. */
  readonly quantisation: Readonly<Partial<Record<Space, readonly QuantisationLoss[]>>>;
  readonly settings: StudentSettings;
  readonly sizeBytes: number;
  readonly durationMs: number;
}

/**
 * Train an item2tag student on the training part of a data set and write it as a bundle.
 *
 * The validation part chooses the number of epochs and the calibration, and tells what int8 costs; the test part is
 * not read. The same data, options and machine give the same bundle, but for times. What is not given is chosen from
 * the data.
 *
 * @throws TagdistillError `E_FILE_EXISTS` before any work if `out` holds something else, `E_NO_ROWS` if no
 *   training item has a tag, `E_QUALITY_GATE` if int8 loses too much, `E_OUT_OF_MEMORY`, `E_ABORTED`, and what
 *   reading the data set and the encoders throws
 */
export async function trainItem2Tag(options: TrainOptions): Promise<TrainReport> {
  const {
    dataset,
    out,
    vocab = 'raw',
    minUses = 1,
    seed = 7,
    settings = {},
    refit,
    precision = 'int8',
    maxQualityLoss = 0.5,
    resume = true,
    checkpointSeconds = 30,
    cacheDir = `${resolve(out)}.cache`,
    threads = Math.min(4, availableParallelism()),
    onProgress,
    signal,
  } = options;
  checkSettings(settings);
  checkCount('threads', threads);
  const started = performance.now();
  await refuseOtherFolder(out, BUNDLE_FOLDER);
  await refuseFolderAt(`${resolve(out)}.checkpoint`);
  const items = await loadLabelled(dataset, { splits: ['train', 'validation'], ...(signal && { signal }) });
  const encoders = await openEncoders(options, items);
  const labelsHash = hashLabels(items);
  const file = `${resolve(out)}.checkpoint`;
  if (!resume) await removeCheckpoint(file);
  const chosen = {
    vocab,
    minUses,
    seed,
    settings,
    precision,
    maxQualityLoss,
    ...(refit !== undefined && { refit }),
  };
  const key = sha256(JSON.stringify([packageVersion(), labelsHash, encoders.description, chosen]));
  try {
    const fitted = await fitStudent(items, {
      ...chosen,
      threads,
      encoders: encoders.frozen,
      cacheDir,
      checkpoint: { file, key, everyMs: checkpointSeconds * 1000, now: () => performance.now() },
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
    const { prepared, student } = fitted;
    const description = describeExported(student, prepared, precision);
    const parity = await parityOf(items, fitted, encoders, description);
    const manifest: Omit<BundleManifest, 'formatVersion' | 'files'> = {
      kind: 'item2tag',
      name: basename(resolve(out)),
      toolVersion: packageVersion(),
      spaces: Object.fromEntries(
        spacesOf(student.shape).map((space) => [space, { nTags: student.shape.nTags[space]! }]),
      ),
      vocabulary: {
        kind: vocab,
        aliasHash: sha256(SPACES.map((space) => prepared.vocabularies[space]?.aliasHash ?? '').join('\n')),
      },
      encoder: {
        bag: {
          nFeatures: prepared.encoder.nFeatures,
          nStems: prepared.encoder.nStems,
          ...prepared.encoder.options,
        },
        ...encoders.description,
      },
      model: description,
      training: { seed, refit: fitted.refit, minUses, epochsTrained: fitted.epochs, ...prepared.settings },
      data: {
        name: basename(resolve(dataset)),
        labelsHash,
        nTraining: fitted.nTraining,
        nValidation: fitted.nValidation,
      },
      metrics: {
        validation: { 'nDCG@5': fitted.ndcg },
        quantisation: fitted.quantisation,
        parity,
        calibratedOn: fitted.calibratedOn,
      },
    };
    const written = await writeBundle(out, {
      manifest,
      features: { ...prepared.encoder.table, stemIdf: prepared.stemIdf },
      ...(encoders.tokenizerJson !== undefined && { tokenizerJson: encoders.tokenizerJson }),
      tags: listTags(fitted),
      calibrations: fitted.calibrations,
      model: exportGraph(student, { precision }),
      card: modelCard(manifest, fitted.calibrations),
    });
    await removeCheckpoint(file);
    return {
      dir: out,
      nTraining: fitted.nTraining,
      nValidation: fitted.nValidation,
      nTags: student.shape.nTags,
      nParameters: written.model.nParameters,
      epochs: fitted.epochs,
      validation: fitted.ndcg,
      parity,
      precision,
      quantisation: fitted.quantisation,
      settings: prepared.settings,
      sizeBytes: Object.values(written.files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      durationMs: performance.now() - started,
    };
  } finally {
    await encoders.close();
  }
}

const PARITY_TEXTS = 256;

function parityOf(
  items: LabelledItems,
  { prepared, student, itemEncoder, vectors }: FittedStudent,
  { frozen }: OpenEncoders,
  description: BundleManifest['model'],
): Promise<Parity> {
  const { shape } = student;
  const which = items.ids.slice(0, PARITY_TEXTS).map((_, i) => i);
  const features = encodePool({ items, encoders: frozen, vectors }, which, itemEncoder);
  const judged = {
    bags: which.map((i) => prepared.encoder.encode(items.texts[i]!)),
    vectors: selectVectors(vectors, shape.nVectorDims, which),
  };
  return measureParity(
    student,
    { judged, features },
    { nStems: shape.nStems, nTokens: frozen.static?.nTokens ?? 0, spaces: spacesOf(shape), description },
  );
}

/** @throws TagdistillError `E_BAD_OPTION` for a setting outside its range */
function checkSettings(settings: Partial<StudentSettings>): void {
  for (const name of ['epochs', 'nDims', 'batchSize', 'maxFeatures', 'minTextsOfNgrams'] as const) {
    if (settings[name] !== undefined) checkCount(name, settings[name]);
  }
  for (const name of ['learningRate', 'temperature', 'rowRateScale', 'linearCost'] as const) {
    if (settings[name] !== undefined && !(settings[name] > 0 && settings[name] < Infinity)) {
      throw new TagdistillError('E_BAD_OPTION', `${name} must be above 0, found ${settings[name]}`);
    }
  }
  for (const name of [
    'nHidden',
    'negativeWeight',
    'marginWeight',
    'propensityPower',
    'weightDecay',
    'lexicalScale',
    'linearWeight',
  ] as const) {
    if (settings[name] !== undefined && !(settings[name] >= 0 && settings[name] < Infinity)) {
      throw new TagdistillError('E_BAD_OPTION', `${name} must not be negative, found ${settings[name]}`);
    }
  }
  const { featureDropout = 0 } = settings;
  if (!(featureDropout >= 0 && featureDropout < 1)) {
    throw new TagdistillError(
      'E_BAD_OPTION',
      `featureDropout must be from 0 to below 1, found ${featureDropout}`,
    );
  }
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new TagdistillError('E_BAD_OPTION', `${name} must be a whole number from 1, found ${value}`);
}

function listTags({ prepared: { vocabularies } }: FittedStudent): BundleTag[] {
  return SPACES.flatMap((space) =>
    (vocabularies[space]?.tags ?? []).map(({ tag, aliases, uses }, row) => ({
      space,
      row,
      id: tagId(tag),
      tag,
      aliases,
      uses,
    })),
  );
}

/** A hash of what the student learnt from: ids, texts, vectors, splits and tags with strengths, in order. */
function hashLabels(items: LabelledItems): string {
  const labels = SPACES.map((space) => {
    const of = items.labels[space];
    return of === undefined
      ? ''
      : sha256(JSON.stringify([of.tags, [...of.rows.indices], [...of.rows.values]]));
  });
  const { embeddings } = items;
  const vectors = embeddings && sha256(new Uint8Array(embeddings.values.buffer));
  return sha256(JSON.stringify([items.ids, items.texts, items.splits, labels, vectors]));
}
