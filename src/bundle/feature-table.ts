import { TagdistillError } from '../core/errors.js';
import type { FeatureTable } from '../features/bag-encoder.js';

/** What `features.bin` holds. */
export interface StoredFeatures extends FeatureTable {
  /** shape [nStems], rarity of the stems in the training texts */
  readonly stemIdf: Float32Array;
}

const HEADER_BYTES = 8;

/**
 * Lay out an encoder's feature table as `features.bin`, little-endian: uint32 n, uint32 m, then n feature hashes
 * (uint32), n inverse document frequencies (float32), m stem hashes (uint32), and m rarities of stems (float32).
 */
export function encodeFeatureTable({ hashes, idf, stems, stemIdf }: StoredFeatures): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 8 * hashes.length + 8 * stems.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, hashes.length, true);
  view.setUint32(4, stems.length, true);
  let at = HEADER_BYTES;
  for (const hash of hashes) view.setUint32((at += 4) - 4, hash, true);
  for (const value of idf) view.setFloat32((at += 4) - 4, value, true);
  for (const stem of stems) view.setUint32((at += 4) - 4, stem, true);
  for (const value of stemIdf) view.setFloat32((at += 4) - 4, value, true);
  return bytes;
}

/** @throws TagdistillError `E_BUNDLE_FORMAT` if the length does not fit the counts at the start */
export function decodeFeatureTable(bytes: Uint8Array, file: string): StoredFeatures {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [n, m] = bytes.length >= HEADER_BYTES ? [view.getUint32(0, true), view.getUint32(4, true)] : [-1, -1];
  if (bytes.length !== HEADER_BYTES + 8 * n + 8 * m) {
    throw new TagdistillError(
      'E_BUNDLE_FORMAT',
      `${bytes.length} bytes do not hold a table of ${n} features and ${m} stems`,
      { file, hint: 'Export the student again.' },
    );
  }
  let at = HEADER_BYTES;
  return {
    hashes: Uint32Array.from({ length: n }, () => view.getUint32((at += 4) - 4, true)),
    idf: Float32Array.from({ length: n }, () => view.getFloat32((at += 4) - 4, true)),
    stems: Uint32Array.from({ length: m }, () => view.getUint32((at += 4) - 4, true)),
    stemIdf: Float32Array.from({ length: m }, () => view.getFloat32((at += 4) - 4, true)),
  };
}
