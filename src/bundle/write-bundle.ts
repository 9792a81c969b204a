import { sha256 } from '../core/hash.js';
import type { Calibrations } from './calibration.js';
import { encodeFeatureTable, type StoredFeatures } from './feature-table.js';
import { BUNDLE_FILES, BUNDLE_FORMAT_VERSION, type BundleManifest } from './manifest.js';
import { encodeTagList, type BundleTag } from './tag-list.js';
import { refuseOtherFolder, writeFolder, type FolderKind } from './write-folder.js';

export const BUNDLE_FOLDER: FolderKind = {
  name: 'bundle',
  withArticle: 'a bundle',
  fullName: 'student bundle',
  manifest: BUNDLE_FILES.manifest,
};

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
  await refuseOtherFolder(dir, BUNDLE_FOLDER);
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

  await writeFolder(dir, contents, BUNDLE_FOLDER);
  return manifest;
}
