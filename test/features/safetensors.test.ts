import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/features/safetensors.js';

const weights = { dtype: 'F32', shape: [3], data: Float32Array.of(1.5, -2, 0) } as const;
const embeddings = { dtype: 'I8', shape: [3, 2], data: Int8Array.of(1, -127, 127, 0, 5, -5) } as const;
const bytes = encodeSafetensors({ weights, embeddings });

function withHeader(header: string, data = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + json.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  out.set(data, 8 + json.length);
  return out;
}

describe('safetensors', () => {
  it('gives back what was written, from any place in a buffer', () => {
    for (const shift of [0, 1, 3]) {
      const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift);
      expect(decodeSafetensors(shifted, 'f')).toEqual(
        new Map<string, unknown>(Object.entries({ weights, embeddings })),
      );
    }
  });

  it('starts the numbers at a multiple of 8 bytes, so that readers can map them', () => {
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
  });

  it('refuses a file that is cut anywhere, with E_FILE_FORMAT', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(() => decodeSafetensors(bytes.subarray(0, length), 'f')).toThrow(
          expect.objectContaining({ code: 'E_FILE_FORMAT' }),
        );
      }),
    );
  });

  it('never throws anything else than a TagdistillError, whatever the header says', () => {
    const header = fc.oneof(fc.json(), fc.string(), fc.constant('{"a":null}'));
    fc.assert(
      fc.property(header, (json) => {
        try {
          decodeSafetensors(withHeader(json), 'f');
        } catch (error) {
          expect(error).toMatchObject({ name: 'TagdistillError' });
        }
      }),
    );
  });

  it.each([
    [
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}',
      'tensor a of shape [2] should take bytes 0 to 8',
    ],
    [
      '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}',
      'tensor a should have shape and data_offsets',
    ],
    ['{"a":{"dtype":"I8","shape":[9],"data_offsets":[0,9]}}', 'should take bytes 0 to 9 of 4'],
  ])('says which tensor does not fit: %s', (header, message) => {
    expect(() => decodeSafetensors(withHeader(header, new Uint8Array(4)), 'f')).toThrow(message);
  });
});
