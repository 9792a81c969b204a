import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearPairs } from '../../../src/tags/merge/neighbours.js';

function unitRows(values: readonly number[], nDims: number): Float32Array {
  const rows = Float32Array.from(values.slice(0, values.length - (values.length % nDims)));
  for (let start = 0; start < rows.length; start += nDims) {
    const row = rows.subarray(start, start + nDims);
    const length = Math.hypot(...row);
    if (length > 0) row.forEach((value, d) => (row[d] = value / length));
  }
  return rows;
}

describe('nearPairs', () => {
  it('finds exactly the pairs that comparing all dimensions finds', () => {
    const value = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(
        fc.constantFrom(2, 7, 100),
        fc.array(value, { maxLength: 1500 }),
        fc.constantFrom(-0.2, 0.3, 0.8),
        (nDims, values, floor) => {
          const vectors = unitRows(values, nDims);
          const n = vectors.length / nDims;
          const expected: string[] = [];
          for (let a = 0; a < n; a++) {
            for (let b = a + 1; b < n; b++) {
              let dot = 0;
              for (let d = 0; d < nDims; d++) dot += vectors[a * nDims + d]! * vectors[b * nDims + d]!;
              // Sums of another order may fall on the other side of the floor.
              if (Math.abs(dot - floor) < 1e-9) return;
              if (dot >= floor) expected.push(`${a}-${b}`);
            }
          }
          expect([...nearPairs(vectors, { nDims, floor })].map(({ a, b }) => `${a}-${b}`)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
