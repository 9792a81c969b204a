import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../student/encoder/symmetric-eigen.js';

const symmetric = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc
    .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: n * n, maxLength: n * n })
    .map((cells) => ({
      n,
      matrix: Float64Array.from(cells, (_, i) => {
        const [row, column] = [Math.floor(i / n), i % n];
        return cells[Math.min(row, column) * n + Math.max(row, column)]!;
      }),
    })),
);

const rowsOf = (m: Float64Array, n: number) =>
  Array.from({ length: n }, (_, i) => m.subarray(i * n, (i + 1) * n));
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('symmetricEigen', () => {
  it('gives the values and vectors of a matrix known by hand', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect([...values]).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)]);
    expect(Math.abs(vectors[0]! - vectors[1]!)).toBeLessThan(1e-12);
  });

  it('gives unit vectors at right angles that the matrix only stretches, largest value first', () => {
    fc.assert(
      fc.property(symmetric, ({ n, matrix }) => {
        const { values, vectors } = symmetricEigen(matrix, n);
        const axes = rowsOf(vectors, n);
        axes.forEach((axis, i) => {
          expect(values[i]!).toBeLessThanOrEqual((values[i - 1] ?? Infinity) + 1e-9);
          axes.forEach((other, j) => expect(dot(axis, other)).toBeCloseTo(i === j ? 1 : 0, 9));
          rowsOf(matrix, n).forEach((row, k) => expect(dot(row, axis)).toBeCloseTo(values[i]! * axis[k]!, 8));
        });
      }),
    );
  });

  it('leaves the matrix as it was, and tells of each sweep', () => {
    const matrix = Float64Array.of(2, 1, 1, 5);
    const sweeps: number[] = [];
    symmetricEigen(matrix, 2, (sweep) => sweeps.push(sweep));
    expect([...matrix]).toEqual([2, 1, 1, 5]);
    expect(sweeps[0]).toBe(1);
  });

  it('ends at once where there is nothing to turn', () => {
    const sweeps: number[] = [];
    const { values } = symmetricEigen(new Float64Array(9), 3, (sweep) => sweeps.push(sweep));
    expect({ values: [...values], sweeps }).toEqual({ values: [0, 0, 0], sweeps: [] });
  });
});
