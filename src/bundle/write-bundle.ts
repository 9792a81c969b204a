import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TagdistillError, messageOf } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import type { Calibrations } from './calibration.js';
import { encodeFeatureTable, type StoredFeatures } from './feature-table.js';
import { BUNDLE_FILES, BUNDLE_FORMAT_VERSION, type BundleManifest } from './manifest.js';
import { encodeTagList, type BundleTag } from './tag-list.js';

/** What a bundle is made of; checksums and the layout version are added when it is written. */
export interface BundleParts {
  readonly manifest: Omit<BundleManifest, 'formatVersion' | 'files'>;
  readonly features: StoredFeatures;
  /** The tokeniser of the static embeddings, where there are any. */
  readonly tokenizerJson?: string;
  readonly tags: readonly BundleTag[];
  readonly calibrations: Calibrations;
  readonly model: Uint8Array;
  /** The model card, Markdown. */
  readonly card: string;
}

/**
 * Write a bundle folder: whole or not at all. An old bundle at the same place is replaced at the end.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `dir` holds something else than a bundle, `E_FILE_WRITE` if the disk refuses
 */
export async function writeBundle(dir: string, parts: BundleParts): Promise<BundleManifest> {
  await refuseOtherContents(dir);
  const contents: Record<string, Uint8Array | string> = {
    [BUNDLE_FILES[parts.manifest.model.precision]]: parts.model,
    [BUNDLE_FILES.features]: encodeFeatureTable(parts.features),
    ...(parts.tokenizerJson !== undefined && { [BUNDLE_FILES.tokenizer]: parts.tokenizerJson }),
    [BUNDLE_FILES.tags]: encodeTagList(parts.tags),
    [BUNDLE_FILES.calibration]: `${JSON.stringify(parts.calibrations, null, 2)}\n`,
  };
  const files = Object.fromEntries(
    Object.entries(contents).map(([path, data]) => [
      path,
      { sha256: sha256(data), sizeBytes: Buffer.byteLength(data) },
    ]),
  );
  const manifest: BundleManifest = { formatVersion: BUNDLE_FORMAT_VERSION, ...parts.manifest, files };
  contents[BUNDLE_FILES.card] = parts.card;
  contents[BUNDLE_FILES.manifest] = `${JSON.stringify(manifest, null, 2)}\n`;

  const target = resolve(dir);
  const temporary = `${target}.tmp-${process.pid}`;
  try {
    await rm(temporary, { recursive: true, force: true });
    for (const [path, data] of Object.entries(contents)) {
      const file = join(temporary, ...path.split('/'));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, data);
    }
    await swapIn(temporary, target);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    throw new TagdistillError('E_FILE_WRITE', `cannot write the bundle: ${messageOf(cause)}`, {
      file: dir,
      hint: 'Check free space and permissions; nothing was left half written.',
      cause,
    });
  }
  return manifest;
}

/**
 * Check, before long work, that a bundle may be written to a folder.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `dir` is a file or holds something else than a bundle
 */
export async function refuseOtherContents(dir: string): Promise<void> {
  const entries = await readdir(dir).catch((error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : ['(a file)'],
  );
  if (entries.length === 0 || entries.includes(BUNDLE_FILES.manifest)) return;
  throw new TagdistillError(
    'E_FILE_EXISTS',
    `no student bundle stands here, but ${entries.slice(0, 3).join(', ')}`,
    {
      file: dir,
      hint: 'Give --out a new folder, or one that holds a bundle to replace.',
    },
  );
}

async function swapIn(temporary: string, target: string): Promise<void> {
  const old = `${target}.old-${process.pid}`;
  const replaced = await rename(target, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(temporary, target);
  } catch (cause) {
    if (replaced) await rename(old, target);
    throw cause;
  }
  await rm(old, { recursive: true, force: true });
}
