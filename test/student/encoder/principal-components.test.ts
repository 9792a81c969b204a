import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/random.js';
import { principalComponents } from '../../../student/encoder/principal-components.js';
import { zipfWeights } from '../../../student/encoder/token-weights.js';

const N = 5000; // more than one block of 4,096 rows
const D = 6;

/** Rows of independent columns, each ten times narrower than the one before, around a mean of 3. */
function rows(): Float32Array {
  const random = seededRandom(3);
  return Float32Array.from({ length: N * D }, (_, i) => 3 + (random() - 0.5) * 10 ** -(i % D));
}

const variance = (values: Float32Array, width: number, column: number): number => {
  let sum = 0;
  for (let row = 0; row < N; row++) sum += values[row * width + column]! ** 2;
  return sum / N;
};

describe('principalComponents', () => {
  it('keeps the widest directions, centred, widest first', async () => {
    const values = rows();
    const { scores, nKept, explained } = await principalComponents(values, D, { nKept: 2 });
    expect(nKept).toBe(2);
    expect(explained).toBeGreaterThan(0.999);
    expect(explained).toBeLessThan(1);
    expect(variance(scores, 2, 0)).toBeCloseTo(1 / 12, 2);
    expect(variance(scores, 2, 1)).toBeCloseTo(1 / 1200, 4);
    const mean = scores.reduce((sum, score, i) => sum + (i % 2 === 0 ? score / N : 0), 0);
    expect(Math.abs(mean)).toBeLessThan(1e-4);
  });

  it('keeps all distances where all components are kept', async () => {
    const values = rows();
    const { scores } = await principalComponents(values, D, { nKept: 99 });
    expect(scores.length).toBe(values.length);
    const distance = (of: Float32Array, a: number, b: number) =>
      Math.hypot(...Array.from({ length: D }, (_, d) => of[a * D + d]! - of[b * D + d]!));
    for (const [a, b] of [
      [0, 1],
      [7, 4800],
      [4095, 4096],
    ] as const)
      expect(distance(scores, a, b)).toBeCloseTo(distance(values, a, b), 4);
  });

  it('makes the largest score of each component positive, so that runs repeat', async () => {
    const once = await principalComponents(rows(), D, { nKept: 3 });
    const again = await principalComponents(rows(), D, { nKept: 3 });
    expect(again.scores).toEqual(once.scores);
    for (let column = 0; column < 3; column++) {
      const of = once.scores.filter((_, i) => i % 3 === column);
      const largest = of.reduce((most, score) => (Math.abs(score) > Math.abs(most) ? score : most), 0);
      expect(largest).toBeGreaterThan(0);
    }
  });

  it('gives vectors back as they are where there are too few to find components', async () => {
    const few = Float32Array.of(1, 2, 3, 4);
    expect(await principalComponents(few, 2, { nKept: 2 })).toEqual({ scores: few, nKept: 2, explained: 1 });
  });
});

describe('zipfWeights', () => {
  it('follows a / (a + p) with p by rank, and grows with the rank', () => {
    const weights = zipfWeights(3, 1e-4);
    const total = 1 / 2 + 1 / 3 + 1 / 4;
    expect(weights[0]).toBeCloseTo(1e-4 / (1e-4 + 1 / 2 / total), 12);
    expect(weights[2]).toBeCloseTo(1e-4 / (1e-4 + 1 / 4 / total), 12);
    expect(weights[0]!).toBeLessThan(weights[1]!);
  });
});
