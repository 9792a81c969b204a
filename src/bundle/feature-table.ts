import { TagdistillError } from '../core/errors.js';

/**
 * Lay out an encoder's feature table as `features.bin`, little-endian:
 * uint32 n, then n feature hashes (uint32), then n inverse document frequencies (float32).
 */
export function encodeFeatureTable(hashes: Uint32Array, idf: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 + 8 * hashes.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, hashes.length, true);
  hashes.forEach((hash, row) => view.setUint32(4 + 4 * row, hash, true));
  idf.forEach((value, row) => view.setFloat32(4 + 4 * (hashes.length + row), value, true));
  return bytes;
}

/** @throws TagdistillError `E_BUNDLE_FORMAT` if the length does not fit the count at the start */
export function decodeFeatureTable(
  bytes: Uint8Array,
  file: string,
): { hashes: Uint32Array; idf: Float32Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = bytes.length >= 4 ? view.getUint32(0, true) : -1;
  if (bytes.length !== 4 + 8 * n) {
    throw new TagdistillError(
      'E_BUNDLE_FORMAT',
      `${bytes.length} bytes do not hold a table of ${n} features`,
      {
        file,
        hint: 'Export the student again.',
      },
    );
  }
  const hashes = Uint32Array.from({ length: n }, (_, row) => view.getUint32(4 + 4 * row, true));
  const idf = Float32Array.from({ length: n }, (_, row) => view.getFloat32(4 + 4 * (n + row), true));
  return { hashes, idf };
}
