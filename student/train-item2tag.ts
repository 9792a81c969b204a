import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { BundleManifest } from '../src/bundle/manifest.js';
import type { BundleTag } from '../src/bundle/tag-list.js';
import { refuseOtherContents, writeBundle } from '../src/bundle/write-bundle.js';
import { TagdistillError } from '../src/core/errors.js';
import { sha256 } from '../src/core/hash.js';
import { packageVersion } from '../src/core/package-info.js';
import type { OnProgress } from '../src/core/progress.js';
import { SPACES, type Space } from '../src/core/space.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import { loadLabelled } from '../src/dataset/load-labelled.js';
import type { VocabularyKind } from '../src/tags/vocabulary.js';
import { describeGraph, exportGraph } from './export-graph.js';
import { fitStudent, type FittedStudent, type StudentOptions } from './fit-student.js';
import { modelCard } from './model-card.js';
import { measureParity, type Parity } from './parity.js';

export interface TrainOptions {
  /** Data set folder. */
  readonly dataset: string;
  /** Bundle folder to write. */
  readonly out: string;
  /** Which tags the student learns: as given, merged by spelling, or the cover set of the merged. */
  readonly vocab?: VocabularyKind;
  /** Leave out tags that fewer training items have. */
  readonly minUses?: number;
  readonly seed?: number;
  /** At most this many passes over the training items; by default, from their number. */
  readonly epochs?: number;
  /** Width of the item embedding. */
  readonly nDims?: number;
  /** Train again with the validation items once the number of epochs is known. */
  readonly refit?: boolean;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

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
  readonly sizeBytes: number;
  readonly durationMs: number;
}

/**
 * Train an item2tag student on the training part of a data set and write it as a bundle.
 *
 * The validation part chooses the number of epochs and the calibration; the test part is not read.
 * The same data, options and machine give the same bundle, but for times.
 *
 * @throws TagdistillError `E_FILE_EXISTS` before any work if `out` holds something else, `E_NO_ROWS` if no
 *   training item has a tag, `E_ABORTED`, and what reading the data set throws
 */
export async function trainItem2Tag({
  dataset,
  out,
  vocab = 'raw',
  minUses = 1,
  seed = 7,
  epochs,
  nDims = 256,
  refit = true,
  threads = Math.min(4, availableParallelism()),
  onProgress,
  signal,
}: TrainOptions): Promise<TrainReport> {
  if (epochs !== undefined) checkCount('epochs', epochs);
  checkCount('dims', nDims);
  checkCount('threads', threads);
  const started = performance.now();
  await refuseOtherContents(out);
  const items = await loadLabelled(dataset, { splits: ['train', 'validation'], ...(signal && { signal }) });
  const options: StudentOptions = {
    vocab,
    minUses,
    seed,
    nDims,
    refit,
    threads,
    ...(epochs !== undefined && { epochs }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  };
  const student = await fitStudent(items, options);
  const { shape, parameters, encoder, vocabularies } = student;
  const model = exportGraph(shape, parameters);
  const parity = await measureParity(model, student, items.texts.slice(0, 256));
  const tags = listTags(student);
  const manifest: Omit<BundleManifest, 'formatVersion' | 'files'> = {
    kind: 'item2tag',
    name: basename(resolve(out)),
    toolVersion: packageVersion(),
    spaces: Object.fromEntries(Object.entries(shape.nTags).map(([space, nTags]) => [space, { nTags }])),
    vocabulary: {
      kind: vocab,
      aliasHash: sha256(SPACES.map((space) => vocabularies[space]?.aliasHash ?? '').join('\n')),
    },
    encoder: { kind: 'hashed-bag', nFeatures: encoder.nFeatures, nStems: encoder.nStems, ...encoder.options },
    model: describeGraph(shape, parameters),
    training: { seed, epochs: student.epochs, nDims, refit, minUses, ...student.settings },
    data: {
      name: basename(resolve(dataset)),
      labelsHash: hashLabels(items),
      nTraining: student.nTraining,
      nValidation: student.nValidation,
    },
    metrics: { validation: { 'nDCG@5': student.validation }, parity, calibratedOn: student.calibratedOn },
  };
  const written = await writeBundle(out, {
    manifest,
    encoder,
    tags,
    calibrations: student.calibrations,
    model,
    card: modelCard(manifest),
  });
  return {
    dir: out,
    nTraining: student.nTraining,
    nValidation: student.nValidation,
    nTags: shape.nTags,
    nParameters: written.model.nParameters,
    epochs: student.epochs,
    validation: student.validation,
    parity,
    sizeBytes: Object.values(written.files).reduce((sum, file) => sum + file.sizeBytes, 0),
    durationMs: performance.now() - started,
  };
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new TagdistillError('E_BAD_OPTION', `${name} must be a whole number from 1, found ${value}`);
}

function listTags({ vocabularies }: FittedStudent): BundleTag[] {
  return SPACES.flatMap((space) =>
    (vocabularies[space]?.tags ?? []).map(({ tag, aliases, uses }, row) => ({
      space,
      row,
      id: sha256(tag).slice(0, 12),
      tag,
      aliases,
      uses,
    })),
  );
}

/** A hash of what the student learnt from: ids, texts, splits and tags with strengths, in order. */
function hashLabels(items: LabelledItems): string {
  const labels = SPACES.map((space) => {
    const of = items.labels[space];
    return of === undefined
      ? ''
      : sha256(JSON.stringify([of.tags, [...of.rows.indices], [...of.rows.values]]));
  });
  return sha256(JSON.stringify([items.ids, items.texts, items.splits, labels]));
}
