import { expect } from 'vitest';

export interface OracleStep {
  readonly learningRate: number;
  readonly step: number;
  readonly weightDecay?: number;
}

/** Adam as Kingma & Ba write it, in float64; `rows` [start, end) limits an update to some numbers. */
export function adamOracle(start: ArrayLike<number>) {
  const values = Float64Array.from(start);
  const mean = new Float64Array(values.length);
  const square = new Float64Array(values.length);
  const update = (
    gradient: ArrayLike<number>,
    { learningRate, step, weightDecay = 0 }: OracleStep,
    [from, to]: readonly [number, number] = [0, values.length],
  ): void => {
    for (let i = from; i < to; i++) {
      mean[i] = 0.9 * mean[i]! + 0.1 * gradient[i]!;
      square[i] = 0.99 * square[i]! + 0.01 * gradient[i]! ** 2;
      const unbiasedMean = mean[i]! / (1 - 0.9 ** step);
      const unbiasedSquare = square[i]! / (1 - 0.99 ** step);
      values[i]! -= learningRate * weightDecay * values[i]!;
      values[i]! -= (learningRate * unbiasedMean) / (Math.sqrt(unbiasedSquare) + 1e-8);
    }
  };
  return { values, update };
}

/** Row-wise Adagrad, in float64. */
export function adagradOracle(start: ArrayLike<number>, nDims: number) {
  const values = Float64Array.from(start);
  const sums = new Float64Array(values.length / nDims);
  const update = (row: number, gradient: ArrayLike<number>, learningRate: number): void => {
    const own = Array.from({ length: nDims }, (_, d) => gradient[row * nDims + d]!);
    sums[row]! += own.reduce((sum, g) => sum + g * g, 0) / nDims;
    own.forEach((g, d) => {
      values[row * nDims + d]! -= (learningRate * g) / (Math.sqrt(sums[row]!) + 1e-8);
    });
  };
  return { values, update };
}

/** Check numbers against float64 ones within 1e-5, relative above 1. */
export function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found).toHaveLength(wanted.length);
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    worst = Math.max(worst, Math.abs(found[i]! - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!)));
  }
  expect(worst).toBeLessThan(1e-5);
}
