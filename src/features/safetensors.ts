import { TagdistillError, messageOf } from '../core/errors.js';

/** A tensor of a safetensors file; only the element types that encoders here are made of. */
export type StoredTensor =
  | { readonly dtype: 'I8'; readonly shape: readonly number[]; readonly data: Int8Array }
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array };

const HEADER_LENGTH_BYTES = 8;
const ELEMENT_BYTES = { I8: 1, F32: 4 } as const;

/**
 * Write tensors as a safetensors file: uint64 length of the header, a JSON header, the numbers, all little-endian.
 *
 * Tensors of four-byte numbers must stand before those of one-byte numbers, so that each is aligned.
 *
 * @see https://github.com/huggingface/safetensors
 */
export function encodeSafetensors(tensors: Readonly<Record<string, StoredTensor>>): Uint8Array {
  let offset = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
      const range = [offset, (offset += data.byteLength)];
      return [name, { dtype, shape, data_offsets: range }];
    }),
  );
  const unpadded = JSON.stringify(header);
  const json = new TextEncoder().encode(unpadded.padEnd(Math.ceil(unpadded.length / 8) * 8));
  const bytes = new Uint8Array(HEADER_LENGTH_BYTES + json.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, HEADER_LENGTH_BYTES);
  let place = HEADER_LENGTH_BYTES + json.length;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place);
    place += data.byteLength;
  }
  return bytes;
}

/**
 * Read the tensors of a safetensors file that are int8 or float32; others are left out.
 *
 * @param file where the bytes came from, for messages
 * @throws TagdistillError `E_FILE_FORMAT` with the sizes, if the file is cut short or its header is off
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Map<string, StoredTensor> {
  const fail = (message: string, cause?: unknown): never => {
    throw new TagdistillError('E_FILE_FORMAT', message, {
      file,
      hint: 'Copy the file again, whole.',
      ...(cause !== undefined && { cause }),
    });
  };
  if (bytes.length < HEADER_LENGTH_BYTES) fail(`${bytes.length} bytes are too few for a safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const start = HEADER_LENGTH_BYTES + headerLength;
  if (start > bytes.length)
    fail(`the header should have ${headerLength} bytes, the file has ${bytes.length} in all`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_LENGTH_BYTES, start)));
  } catch (cause) {
    fail(`the header is no JSON: ${messageOf(cause)}`, cause);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(Object(header) as Record<string, unknown>)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: range } = Object(entry) as Record<string, unknown>;
    if (!isWholeNumbers(shape) || !isWholeNumbers(range) || range.length !== 2) {
      return fail(`tensor ${name} should have shape and data_offsets, found ${JSON.stringify(entry)}`);
    }
    if (dtype !== 'I8' && dtype !== 'F32') continue;
    const [from, to] = range as [number, number];
    const sizeBytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype]);
    if (to - from !== sizeBytes || start + to > bytes.length) {
      return fail(
        `tensor ${name} of shape [${shape.join(', ')}] should take bytes ${from} to ${from + sizeBytes} of ${bytes.length - start}, its header says ${from} to ${to}`,
      );
    }
    // A copy, as the numbers may lie at a place that is no multiple of their size.
    const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to));
    if (dtype === 'I8') tensors.set(name, { dtype, shape, data: new Int8Array(buffer) });
    else tensors.set(name, { dtype, shape, data: new Float32Array(buffer) });
  }
  return tensors;
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}
