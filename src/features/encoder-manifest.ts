import { TagdistillError } from '../core/errors.js';

/** The version of the folder layout that this package writes and reads. */
export const ENCODER_FORMAT_VERSION = 1;

/** Paths inside the folder of a static encoder. */
export const ENCODER_FILES = {
  manifest: 'encoder.json',
  table: 'model.safetensors',
  tokenizer: 'tokenizer.json',
  config: 'config.json',
  card: 'README.md',
} as const;

/** `encoder.json`: what the folder holds, and how it was made. */
export interface EncoderManifest {
  readonly formatVersion: number;
  readonly kind: 'static';
  readonly name: string;
  /** SPDX identifier of the source's licence, or null where it was not given. */
  readonly licence: string | null;
  readonly toolVersion: string;
  readonly nTokens: number;
  readonly nDims: number;
  readonly maxTokens: number;
  readonly source: { readonly name: string; readonly sha256: string; readonly nDims: number };
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Every other file of the folder, but for the card. */
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly sizeBytes: number }>>;
}

/**
 * Check a parsed `encoder.json` as far as loading depends on it.
 *
 * @throws TagdistillError `E_BUNDLE_VERSION` for another layout version, `E_FILE_FORMAT` naming the first wrong field
 */
export function checkEncoderManifest(value: unknown, file: string): EncoderManifest {
  const wrong = (field: string, wanted: string, found: unknown): never => {
    throw new TagdistillError('E_FILE_FORMAT', `${field} should be ${wanted}, found ${show(found)}`, {
      file,
      hint: 'Copy the encoder folder again, or make it again with `tagdistill encoder distill`.',
    });
  };
  if (!isRecord(value)) return wrong('the manifest', 'a JSON object', value);
  if (value['formatVersion'] !== ENCODER_FORMAT_VERSION) {
    throw new TagdistillError(
      'E_BUNDLE_VERSION',
      `encoder format version ${show(value['formatVersion'])}, this package reads ${ENCODER_FORMAT_VERSION}`,
      { file, hint: 'Use the tagdistill version that made the encoder, or make it again.' },
    );
  }
  if (value['kind'] !== 'static') wrong('kind', '"static"', value['kind']);
  if (typeof value['name'] !== 'string') wrong('name', 'a text', value['name']);
  for (const field of ['nTokens', 'nDims', 'maxTokens']) {
    const size = value[field];
    if (!Number.isSafeInteger(size) || (size as number) < 1) wrong(field, 'a whole number from 1 up', size);
  }
  const { files } = value;
  if (!isRecord(files)) return wrong('files', 'an object of file names', files);
  for (const path of [ENCODER_FILES.table, ENCODER_FILES.tokenizer]) {
    const entry = files[path];
    if (!isRecord(entry) || typeof entry['sha256'] !== 'string') {
      wrong(`files["${path}"].sha256`, 'a hash', isRecord(entry) ? entry['sha256'] : entry);
    }
  }
  return value as unknown as EncoderManifest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(found: unknown): string {
  return found === undefined ? 'nothing' : JSON.stringify(found);
}
