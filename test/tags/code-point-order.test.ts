import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byCodePoint } from '../../src/tags/code-point-order.js';

it('sorts astral characters after all others, as Python does', () => {
  expect(['😀', '\uffee', 'a', ''].sort(byCodePoint)).toEqual(['', 'a', '\uffee', '😀']);
});

it('orders texts as their lists of code points', () => {
  const points = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0)!);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const [pa, pb] = [points(a), points(b)];
      const at = pa.findIndex((point, i) => point !== pb[i]);
      const expected = at < 0 ? pa.length - pb.length : pa[at]! - (pb[at] ?? -1);
      expect(Math.sign(byCodePoint(a, b))).toBe(Math.sign(expected));
    }),
  );
});
