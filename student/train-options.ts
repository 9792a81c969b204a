import type { OnProgress } from '../src/core/progress.js';
import type { HubEncoderOptions } from '../src/features/hub-encoder.js';
import type { VocabularyKind } from '../src/tags/vocabulary.js';
import type { Precision } from './export-graph.js';
import type { StudentSettings } from './settings.js';

/** What to train, on what, and how; see trainItem2Tag. */
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
  /** Folder of a static encoder, `default` for the one that ships with the package, or `none`. */
  readonly encoder?: string;
  /** A hub encoder to read as well: a folder `./models/name`, or a name on the hub. */
  readonly hubEncoder?: string;
  readonly hubOptions?: Pick<HubEncoderOptions, 'pooling' | 'dtype' | 'localOnly'>;
  /** Read the items' given vectors, where the data set has any. */
  readonly useEmbeddings?: boolean;
  /** Settings that are not to be chosen from the data; see {@link StudentSettings}. */
  readonly settings?: Partial<StudentSettings>;
  /** Train again with the validation items once the number of epochs is known; by default below 10,000 items. */
  readonly refit?: boolean;
  /** How the exported numbers are stored. */
  readonly precision?: Precision;
  /** Points that int8 may lose on the validation items before training fails. */
  readonly maxQualityLoss?: number;
  /** Go on from the checkpoint beside `out`, if a run of the same data and options left one. */
  readonly resume?: boolean;
  /** Write a checkpoint after an epoch when so many seconds have passed since the last one. */
  readonly checkpointSeconds?: number;
  /** Where vectors of the hub encoder are kept. */
  readonly cacheDir?: string;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}
