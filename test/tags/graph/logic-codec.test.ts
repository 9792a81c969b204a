import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogicGraph } from '../../../src/tags/graph/logic-graph.js';
import { decodeLogic, encodeLogic } from '../../../src/tags/graph/logic-codec.js';
import { numberedTags, someGraph } from './sparse-graph.js';

const { matrices } = LogicGraph.build(
  [
    { direction: 'i2u', source: 'item0', target: 'user1', weight: 1 },
    { direction: 'u2i', source: 'user0', target: 'item0', weight: 1 },
    { direction: 'u2i', source: 'user0', target: 'item1', weight: 3 },
  ],
  { tags: numberedTags(2, 2) },
);
const bytes = encodeLogic(matrices);

function changed(at: number, value: number, kind: 'uint32' | 'float32' = 'uint32'): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (kind === 'uint32') view.setUint32(at, value, true);
  else view.setFloat32(at, value, true);
  return copy;
}

describe('encodeLogic and decodeLogic', () => {
  it('give back every number, from bytes at any place in a buffer', () => {
    fc.assert(
      fc.property(someGraph(5, 4), fc.nat(5), (graph, shift) => {
        const encoded = encodeLogic(graph.matrices);
        const inside = new Uint8Array(encoded.length + shift);
        inside.set(encoded, shift);
        expect(decodeLogic(inside.subarray(shift), 'x')).toEqual(graph.matrices);
      }),
    );
  });

  it('lay the bytes out as documented', () => {
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('TDLG');
    expect([4, 8, 12, 16, 20].map((at) => view.getUint32(at, true))).toEqual([1, 2, 2, 1, 2]);
    // I2U: three offsets, a target, a weight.
    expect([24, 28, 32, 36].map((at) => view.getUint32(at, true))).toEqual([0, 1, 1, 1]);
    expect(view.getFloat32(40, true)).toBe(1);
    expect(bytes.length).toBe(24 + (3 * 4 + 8) + (3 * 4 + 16));
  });

  it('refuse bytes cut short anywhere, and bytes too many', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeLogic(bytes.subarray(0, length), 'logic.bin')).toThrow(
        expect.objectContaining({ code: length === 0 ? 'E_FILE_EMPTY' : 'E_FILE_FORMAT', file: 'logic.bin' }),
      );
    }
    expect(() => decodeLogic(new Uint8Array(bytes.length + 1), 'x')).toThrow(/do not start with TDLG/);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(() => decodeLogic(longer, 'x')).toThrow(`${bytes.length + 1} bytes, ${bytes.length} are wanted`);
  });

  it('refuse another format, another version and numbers that cannot be', () => {
    for (const [damaged, message] of [
      [changed(0, 0x12345678), 'do not start with TDLG'],
      [changed(4, 2), 'format version 2, this tool reads 1'],
      [changed(16, 0xffffffff), 'bytes are wanted|are wanted for'],
      [changed(24, 1), 'offset 1|go from 1'],
      [changed(28, 9), 'offset 2 is below'],
      [changed(36, 2), 'I2U edge 0 goes to tag 2 of 2'],
      [changed(40, NaN, 'float32'), 'I2U edge 0 has the weight NaN'],
      [changed(40, 2, 'float32'), 'I2U edge 0 has the weight 2'],
    ] as const) {
      expect(() => decodeLogic(damaged, 'x')).toThrow(new RegExp(message));
    }
  });
});
