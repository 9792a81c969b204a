import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TagdistillError, messageOf } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import { parseJson } from '../core/parse-json.js';
import { SPACES, type Space } from '../core/space.js';
import { BagEncoder } from '../features/bag-encoder.js';
import { openTokenizer, type Tokenizer } from '../features/tokenizer.js';
import type { Calibrations } from './calibration.js';
import { decodeFeatureTable } from './feature-table.js';
import { BUNDLE_FILES, checkManifest, type BundleManifest } from './manifest.js';
import { readCalibrations } from './read-calibrations.js';
import { decodeTagList, type BundleTag } from './tag-list.js';

/** A student bundle in memory. */
export interface Bundle {
  readonly dir: string;
  readonly manifest: BundleManifest;
  readonly bag: BagEncoder;
  /** shape [nStems] */
  readonly stemIdf: Float32Array;
  /** The tokeniser of the static embeddings, where the student has any. */
  readonly tokenizer?: Tokenizer;
  /** Per space that the student scores, the tags in output order. */
  readonly tags: Readonly<Partial<Record<Space, readonly BundleTag[]>>>;
  readonly calibrations: Calibrations;
  /** The serialised ONNX model. */
  readonly model: Uint8Array;
}

/**
 * Read `manifest.json` of a bundle folder, without the rest.
 *
 * @throws TagdistillError `E_BUNDLE_MISSING`, `E_BUNDLE_FORMAT` or `E_BUNDLE_VERSION`
 */
export async function readManifest(dir: string): Promise<BundleManifest> {
  const path = join(dir, BUNDLE_FILES.manifest);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const there = await stat(dir).then(
      (info) =>
        info.isDirectory() ? 'the folder has no manifest.json' : 'this is a file, not a bundle folder',
      () => 'there is no such folder',
    );
    throw new TagdistillError('E_BUNDLE_MISSING', `no student bundle: ${there}`, {
      file: dir,
      hint: 'Give the folder that `tagdistill train ... --out <folder>` wrote.',
      cause,
    });
  }
  const source = { code: 'E_BUNDLE_FORMAT', file: path, hint: 'Copy the bundle again, whole.' } as const;
  return checkManifest(parseJson(text, source), path);
}

/**
 * Read a bundle whole, and hold every file against its checksum.
 *
 * @throws TagdistillError `E_BUNDLE_MISSING`, `E_BUNDLE_VERSION`, `E_BUNDLE_CHECKSUM` or `E_BUNDLE_FORMAT`
 */
export async function readBundle(dir: string): Promise<Bundle> {
  const manifest = await readManifest(dir);
  const contents = new Map<string, Uint8Array>();
  for (const [path, { sha256: expected }] of Object.entries(manifest.files)) {
    contents.set(path, await readChecked(dir, path, expected));
  }
  const bytesOf = (path: string): Uint8Array => contents.get(path)!;
  const textOf = (path: string): string => new TextDecoder().decode(bytesOf(path));
  const features = decodeFeatureTable(bytesOf(BUNDLE_FILES.features), join(dir, BUNDLE_FILES.features));
  const tags = decodeTagList(textOf(BUNDLE_FILES.tags), join(dir, BUNDLE_FILES.tags));
  const calibrations = readCalibrations(
    textOf(BUNDLE_FILES.calibration),
    join(dir, BUNDLE_FILES.calibration),
  );
  for (const space of SPACES) {
    const wanted = manifest.spaces[space]?.nTags ?? 0;
    const found = tags[space]?.length ?? 0;
    if (found !== wanted || (wanted > 0 && calibrations[space] === undefined)) {
      throw new TagdistillError(
        'E_BUNDLE_FORMAT',
        `the manifest says ${wanted} ${space} tags, ${BUNDLE_FILES.tags} has ${found}, calibration ${calibrations[space] ? 'is there' : 'is missing'}`,
        { file: dir, hint: 'Export the student again.' },
      );
    }
  }
  const tokenizer = manifest.encoder.tokens && (await readTokenizer(textOf(BUNDLE_FILES.tokenizer), dir));
  return {
    dir,
    manifest,
    bag: new BagEncoder(manifest.encoder.bag, features),
    stemIdf: features.stemIdf,
    ...(tokenizer && { tokenizer }),
    tags,
    calibrations,
    model: bytesOf(BUNDLE_FILES[manifest.model.precision]),
  };
}

async function readTokenizer(json: string, dir: string): Promise<Tokenizer> {
  const file = join(dir, BUNDLE_FILES.tokenizer);
  const value = parseJson(json, { code: 'E_BUNDLE_FORMAT', file, hint: 'Export the student again.' });
  return openTokenizer(value, file);
}

async function readChecked(dir: string, path: string, expected: string): Promise<Uint8Array> {
  const file = join(dir, ...path.split('/'));
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new TagdistillError('E_BUNDLE_MISSING', `cannot read a file of the bundle: ${messageOf(cause)}`, {
      file,
      hint: 'Copy the bundle again, whole.',
      cause,
    });
  });
  const found = sha256(bytes);
  if (found !== expected) {
    throw new TagdistillError(
      'E_BUNDLE_CHECKSUM',
      `sha256 is ${found.slice(0, 12)}..., the manifest says ${expected.slice(0, 12)}... (${bytes.length} bytes on disk)`,
      { file, hint: 'The file was changed or cut short: copy the bundle again, or export it again.' },
    );
  }
  return bytes;
}
