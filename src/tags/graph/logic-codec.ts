import { TagdistillError } from '../../core/errors.js';
import type { SparseRows } from '../../core/sparse.js';
import type { LogicMatrices } from './logic-matrices.js';

const MAGIC = 0x474c4454; // "TDLG" as little-endian bytes
const VERSION = 1;
const HEADER_BYTES = 24;

/**
 * Write the matrices as bytes, all numbers little-endian, without names: rows are those of the tag lists.
 *
 * uint32 each: magic "TDLG", version 1, item tags, user tags, I2U edges, U2I edges. Then I2U, then U2I: offsets
 * (uint32, rows + 1), target rows (uint32, edges), weights (float32, edges).
 */
export function encodeLogic({ i2u, u2i }: LogicMatrices): Uint8Array {
  const parts = [i2u, u2i];
  const bytes = new Uint8Array(
    HEADER_BYTES + parts.reduce((sum, part) => sum + sizeBytes(part.offsets.length, part.indices.length), 0),
  );
  const view = new DataView(bytes.buffer);
  const header = [MAGIC, VERSION, u2i.nColumns, i2u.nColumns, i2u.indices.length, u2i.indices.length];
  header.forEach((value, i) => view.setUint32(4 * i, value, true));
  let at = HEADER_BYTES;
  for (const { offsets, indices, values } of parts) {
    for (const value of offsets) view.setUint32((at += 4) - 4, value, true);
    for (const value of indices) view.setUint32((at += 4) - 4, value, true);
    for (const value of values) view.setFloat32((at += 4) - 4, value, true);
  }
  return bytes;
}

/**
 * Read what {@link encodeLogic} wrote, every number checked.
 *
 * @param file named in errors
 * @throws TagdistillError `E_FILE_EMPTY`, `E_FILE_FORMAT` for another format or version, bytes that are cut short or
 *   too many, offsets that do not ascend, an unknown target, or a weight outside [0, 1]
 */
export function decodeLogic(bytes: Uint8Array, file: string): LogicMatrices {
  if (bytes.length === 0)
    throw new TagdistillError('E_FILE_EMPTY', 'the file has 0 bytes', { file, hint: HINT });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) {
    throw bad(file, `no logic graph: its ${bytes.length} bytes do not start with TDLG and a version`);
  }
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw bad(file, `format version ${version}, this tool reads ${VERSION}`);
  if (bytes.length < HEADER_BYTES)
    throw bad(file, `cut short: ${bytes.length} bytes, the header has ${HEADER_BYTES}`);
  const [nItem, nUser, nI2u, nU2i] = [8, 12, 16, 20].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const i2uBytes = sizeBytes(nItem + 1, nI2u);
  const wanted = HEADER_BYTES + i2uBytes + sizeBytes(nUser + 1, nU2i);
  if (bytes.length !== wanted) {
    throw bad(
      file,
      `${bytes.length} bytes, ${wanted} are wanted for ${nItem} item tags, ${nUser} user tags and ${nI2u} + ${nU2i} edges`,
    );
  }
  return {
    i2u: decodeRows(view, { at: HEADER_BYTES, nRows: nItem, nColumns: nUser, nnz: nI2u, name: 'I2U', file }),
    u2i: decodeRows(view, {
      at: HEADER_BYTES + i2uBytes,
      nRows: nUser,
      nColumns: nItem,
      nnz: nU2i,
      name: 'U2I',
      file,
    }),
  };
}

const HINT = 'Copy the file again, or write it again from the tag library.';

interface RowsPlan {
  readonly at: number;
  readonly nRows: number;
  readonly nColumns: number;
  readonly nnz: number;
  readonly name: string;
  readonly file: string;
}

function decodeRows(view: DataView, { at, nRows, nColumns, nnz, name, file }: RowsPlan): SparseRows {
  const offsets = new Uint32Array(nRows + 1);
  for (let i = 0; i <= nRows; i++) {
    offsets[i] = view.getUint32(at + 4 * i, true);
    if (offsets[i]! < (i === 0 ? 0 : offsets[i - 1]!))
      throw bad(file, `${name} offset ${i} is below the one before`);
  }
  if (offsets[0] !== 0 || offsets[nRows] !== nnz) {
    throw bad(file, `${name} offsets go from ${offsets[0]} to ${offsets[nRows]}, not from 0 to ${nnz}`);
  }
  const indices = new Uint32Array(nnz);
  const values = new Float32Array(nnz);
  const indicesAt = at + 4 * (nRows + 1);
  for (let i = 0; i < nnz; i++) {
    indices[i] = view.getUint32(indicesAt + 4 * i, true);
    values[i] = view.getFloat32(indicesAt + 4 * (nnz + i), true);
    if (indices[i]! >= nColumns)
      throw bad(file, `${name} edge ${i} goes to tag ${indices[i]} of ${nColumns}`);
    if (!(values[i]! >= 0 && values[i]! <= 1))
      throw bad(file, `${name} edge ${i} has the weight ${values[i]}`);
  }
  return { offsets, indices, values, nColumns };
}

function sizeBytes(nOffsets: number, nnz: number): number {
  return 4 * nOffsets + 8 * nnz;
}

function bad(file: string, message: string): TagdistillError {
  return new TagdistillError('E_FILE_FORMAT', message, { file, hint: HINT });
}
