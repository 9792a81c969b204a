import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/random.js';
import type { Bag } from '../../src/features/bag-encoder.js';
import { latentSpace } from '../../student/latent-space.js';

/** Bags from a matrix of two strong directions and weak noise. */
function planted(nBags: number): {
  bags: Bag[];
  directions: number[][];
} {
  const random = seededRandom(11);
  const directions = [
    [3, 3, 3, 0, 0, 0],
    [0, 0, 0, 2, -2, 2],
  ];
  const bags = Array.from({ length: nBags }, () => {
    const [a, b] = [random() - 0.5, random() - 0.5];
    const weights = Float32Array.from({ length: 6 }, (_, f) => {
      return a * directions[0]![f]! + b * directions[1]![f]! + 0.01 * (random() - 0.5);
    });
    return { ids: Int32Array.of(0, 1, 2, 3, 4, 5), weights, stems: new Int32Array() };
  });
  return { bags, directions };
}

describe('latentSpace', () => {
  it('spans the directions in which the bags vary most, with orthonormal columns', async () => {
    const { bags, directions } = planted(200);
    const basis = await latentSpace(bags, { nFeatures: 6, nDims: 2, random: seededRandom(1), threads: 1 });
    const column = (d: number) => Array.from({ length: 6 }, (_, f) => basis[f * 2 + d]!);
    const dot = (x: readonly number[], y: readonly number[]) =>
      x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(dot(column(0), column(0))).toBeCloseTo(1, 3);
    expect(dot(column(0), column(1))).toBeCloseTo(0, 3);
    for (const direction of directions) {
      const inside = Math.hypot(dot(direction, column(0)), dot(direction, column(1)));
      expect(inside / Math.sqrt(dot(direction, direction))).toBeCloseTo(1, 3);
    }
  });

  it('stays finite with fewer bags than dimensions, or with empty bags', async () => {
    const { bags } = planted(1);
    const empty = { ids: new Int32Array(), weights: new Float32Array(), stems: new Int32Array() };
    for (const few of [bags, [empty]]) {
      const basis = await latentSpace(few, { nFeatures: 6, nDims: 256, random: seededRandom(1), threads: 1 });
      expect(basis).toHaveLength(6 * 256);
      expect(basis.every((value) => Math.abs(value) <= 1.01)).toBe(true);
    }
  });
});
