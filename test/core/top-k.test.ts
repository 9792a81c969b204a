import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topK } from '../../src/core/top-k.js';

describe('topK', () => {
  it('agrees with a full sort, ties in index order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.nat({ max: 12 }), (values, k) => {
        const sorted = values
          .map((value, i) => ({ value, i }))
          .sort((a, b) => b.value - a.value || a.i - b.i)
          .slice(0, k)
          .map(({ i }) => i);
        expect(topK(values, k)).toEqual(sorted);
      }),
    );
  });

  it('puts NaN last', () => {
    expect(topK([NaN, 1, NaN, 2], 4)).toEqual([3, 1, 0, 2]);
  });
});
