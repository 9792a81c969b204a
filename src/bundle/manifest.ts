import { TagdistillError } from '../core/errors.js';
import { SPACES, type Space } from '../core/space.js';
import type { HubDtype } from '../features/hub-model-files.js';
import type { Pooling } from '../features/pool-tokens.js';
import type { TextFeatureOptions } from '../features/text-features.js';

/** The version of the bundle layout that this package writes and reads. */
export const BUNDLE_FORMAT_VERSION = 2;

interface BundleFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Tensor names of one space's results. */
interface SpaceOutputs {
  readonly logits: string;
  readonly indices: string;
  /** The item's embedding, and the column that this text would have as a tag. */
  readonly embedding: string;
  readonly column: string;
  /** What a logit of a new tag loses to be a share among all tags. */
  readonly logNorm?: string;
  /** What a tag that training never saw starts from. */
  readonly newTag: { readonly bias: number; readonly lexicalScale: number };
}

/** `manifest.json` of a student bundle: what is inside, where it came from and how good it was when it was made. */
export interface BundleManifest {
  readonly formatVersion: number;
  readonly kind: 'item2tag';
  readonly name: string;
  readonly toolVersion: string;
  /** Spaces that the student scores, each with its number of tags. */
  readonly spaces: Readonly<Partial<Record<Space, { readonly nTags: number }>>>;
  readonly vocabulary: { readonly kind: 'raw' | 'canonical' | 'cover'; readonly aliasHash: string | null };
  readonly encoder: {
    readonly bag: { readonly nFeatures: number; readonly nStems: number } & TextFeatureOptions;
    /** The static embeddings inside the model, whose tokeniser is in the bundle. */
    readonly tokens?: {
      readonly name: string;
      readonly licence: string;
      readonly nTokens: number;
      readonly nDims: number;
      readonly maxTokens: number;
    };
    /** An encoder outside the bundle, by its name or folder. */
    readonly hub?: {
      readonly name: string;
      readonly nDims: number;
      readonly fingerprint: string;
      readonly pooling: Pooling;
      readonly dtype: HubDtype;
    };
    /** A vector that comes with the item. */
    readonly given?: { readonly nDims: number };
  };
  /** Tensor names of the graph; shapes in docs/formats.md. */
  readonly model: {
    readonly precision: 'int8' | 'float32';
    /** Whether logits are logarithms of shares among all tags. */
    readonly isDistribution: boolean;
    readonly inputs: {
      readonly ids: string;
      readonly weights: string;
      readonly stems: string;
      readonly tokens?: string;
      readonly vectors?: string;
      readonly k: string;
    };
    readonly outputs: Readonly<Partial<Record<Space, SpaceOutputs>>>;
    readonly nParameters: number;
  };
  readonly training: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
  /** Every other file of the bundle, by its path with forward slashes. */
  readonly files: Readonly<Record<string, BundleFile>>;
}

/** Paths inside a bundle. */
export const BUNDLE_FILES = {
  manifest: 'manifest.json',
  float32: 'onnx/model.onnx',
  int8: 'onnx/model_quantized.onnx',
  tokenizer: 'tokenizer.json',
  features: 'features.bin',
  tags: 'tags.jsonl',
  calibration: 'calibration.json',
  card: 'README.md',
} as const;

/**
 * Check a parsed `manifest.json` as far as loading depends on it.
 *
 * @throws TagdistillError `E_BUNDLE_VERSION` for another layout version, `E_BUNDLE_FORMAT` naming the first wrong field
 */
export function checkManifest(value: unknown, file: string): BundleManifest {
  const wrong = (field: string, wanted: string, found: unknown): never => {
    throw new TagdistillError(
      'E_BUNDLE_FORMAT',
      `${field} should be ${wanted}, found ${JSON.stringify(found)}`,
      {
        file,
        hint: 'Export the student again, or restore the folder from where it was copied.',
      },
    );
  };
  if (!isRecord(value)) return wrong('the manifest', 'a JSON object', value);
  if (value['formatVersion'] !== BUNDLE_FORMAT_VERSION) {
    throw new TagdistillError(
      'E_BUNDLE_VERSION',
      `bundle format version ${JSON.stringify(value['formatVersion'])}, this package reads ${BUNDLE_FORMAT_VERSION}`,
      { file, hint: 'Use the tagdistill version that wrote the bundle, or export the student again.' },
    );
  }
  if (value['kind'] !== 'item2tag') wrong('kind', '"item2tag"', value['kind']);
  const { spaces, encoder, model, files } = value;
  if (!isRecord(spaces) || SPACES.every((space) => spaces[space] === undefined)) {
    return wrong('spaces', 'an object with "item" or "user"', spaces);
  }
  if (!isRecord(encoder) || !isRecord(encoder['bag'])) {
    return wrong('encoder.bag', 'an object', isRecord(encoder) ? encoder['bag'] : encoder);
  }
  if (!isRecord(model) || !isRecord(model['inputs']) || !isRecord(model['outputs'])) {
    return wrong('model', 'an object with inputs and outputs', model);
  }
  const precision = model['precision'];
  if (precision !== 'int8' && precision !== 'float32') {
    return wrong('model.precision', '"int8" or "float32"', precision);
  }
  for (const name of ['ids', 'weights', 'stems', 'k']) {
    if (typeof model['inputs'][name] !== 'string')
      wrong(`model.inputs.${name}`, 'a tensor name', model['inputs'][name]);
  }
  for (const space of SPACES) {
    if (spaces[space] === undefined) continue;
    if (!isRecord(spaces[space]) || !Number.isInteger(spaces[space]['nTags'])) {
      wrong(`spaces.${space}.nTags`, 'a number of tags', spaces[space]);
    }
    const output = model['outputs'][space];
    if (!isRecord(output) || typeof output['logits'] !== 'string' || typeof output['indices'] !== 'string') {
      wrong(`model.outputs.${space}`, 'the tensor names logits and indices', output);
    }
  }
  if (!isRecord(files)) return wrong('files', 'an object of file names', files);
  const { features, tags, calibration, tokenizer } = BUNDLE_FILES;
  const needed = [features, tags, calibration, BUNDLE_FILES[precision]];
  for (const path of encoder['tokens'] === undefined ? needed : [...needed, tokenizer]) {
    if (files[path] === undefined) wrong(`files["${path}"]`, 'an entry', undefined);
  }
  for (const [path, entry] of Object.entries(files)) {
    if (path.split('/').includes('..') || path.startsWith('/'))
      wrong('files', 'paths inside the bundle', path);
    if (!isRecord(entry) || typeof entry['sha256'] !== 'string')
      wrong(`files["${path}"].sha256`, 'a hash', entry);
  }
  return value as unknown as BundleManifest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
