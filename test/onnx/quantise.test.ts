import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../src/core/random.js';
import { Graph } from '../../src/onnx/graph.js';
import { gatherRowsInt8, matMulInt8, quantiseColumns, quantiseRows } from '../../src/onnx/quantise.js';
import { openSession } from '../../src/runtime/session.js';

const K = 96;
const N = 70;

function gaussian(length: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => normal(random));
}

async function openProduct(weights: Float32Array): Promise<(x: Float32Array) => Promise<Float32Array>> {
  const { values, scales } = quantiseColumns(weights, N);
  const g = new Graph();
  const x = g.input('x', 'float32', ['batch', K]);
  g.output('y', matMulInt8(g, x, g.constant(values, [K, N]), g.constant(scales, [N])));
  const session = await openSession(g.toBytes());
  return async (rows) => {
    const out = await session.run({ x: new ort.Tensor('float32', rows, [rows.length / K, K]) });
    return out['y']!.data as Float32Array;
  };
}

function product(x: Float32Array, w: Float32Array): Float64Array {
  const nRows = x.length / K;
  const y = new Float64Array(nRows * N); // [nRows, N]
  for (let row = 0; row < nRows; row++) {
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < N; j++) y[row * N + j]! += x[row * K + i]! * w[i * N + j]!;
    }
  }
  return y;
}

const column = (w: Float32Array, j: number): Float32Array =>
  Float32Array.from({ length: K }, (_, i) => w[i * N + j]!);
const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const sumOfSizes = (values: Float32Array): number => values.reduce((sum, value) => sum + Math.abs(value), 0);

describe('quantiseColumns', () => {
  it('moves no weight by more than half a scale, and keeps the largest of a column', () => {
    const finite = fc.float({ noNaN: true, min: -1000, max: 1000 });
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 5 })
          .chain((n) =>
            fc.tuple(
              fc.constant(n),
              fc.array(fc.array(finite, { minLength: n, maxLength: n }), { maxLength: 8 }),
            ),
          ),
        ([n, rows]) => {
          const weights = Float32Array.from(rows.flat());
          const { values, scales } = quantiseColumns(weights, n);
          weights.forEach((weight, i) => {
            const back = values[i]! * scales[i % n]!;
            expect(Math.abs(back - weight)).toBeLessThanOrEqual(0.5001 * scales[i % n]! + 1e-30);
            expect(Math.abs(values[i]!)).toBeLessThanOrEqual(64);
          });
        },
      ),
    );
  });

  it('keeps sums of two products within 16 bits, for CPUs that add them there', () => {
    const { values } = quantiseColumns(gaussian(K * N, 1), N);
    const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(2 * 255 * most).toBeLessThanOrEqual(32_767);
    expect(most).toBe(64);
  });

  it('gives a column of zeros the scale 0', () => {
    const { values, scales } = quantiseColumns(Float32Array.of(0, 1, 0, -2), 2);
    expect([...values]).toEqual([0, 32, 0, -64]);
    expect([...scales]).toEqual([0, 1 / 32]);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s and says where', (bad) => {
    expect(() => quantiseColumns(Float32Array.of(1, bad), 1)).toThrow(
      expect.objectContaining({ code: 'E_BAD_INPUT', message: `cannot quantise ${bad} at place 1` }),
    );
  });

  it('refuses a length that forms no rows', () => {
    expect(() => quantiseColumns(new Float32Array(7), 2)).toThrow('7 numbers do not form rows of 2');
    expect(() => quantiseRows(new Float32Array(7), 0)).toThrow('7 numbers do not form rows of 0');
  });
});

describe('matMulInt8', () => {
  it('gives a row the same bits alone and in any batch', async () => {
    const run = await openProduct(gaussian(K * N, 2));
    const x = gaussian(70 * K, 3).map((value, i) => value * 10 ** ((Math.floor(i / K) % 9) - 4));
    const together = await run(x);
    for (const row of [0, 1, 5, 33, 69]) {
      const alone = await run(x.slice(row * K, (row + 1) * K));
      expect(alone).toEqual(together.slice(row * N, (row + 1) * N));
    }
    const some = await run(x.slice(7 * K, 20 * K));
    expect(some).toEqual(together.slice(7 * N, 20 * N));
  });

  it('stays within the rounding of both sides', async () => {
    const weights = gaussian(K * N, 4);
    const x = gaussian(9 * K, 5);
    const y = await (await openProduct(weights))(x);
    const exact = product(x, weights);
    for (let row = 0; row < 9; row++) {
      const own = x.subarray(row * K, (row + 1) * K);
      const stepX = largest(own) / 127;
      for (let j = 0; j < N; j++) {
        const w = column(weights, j);
        const stepW = largest(w) / 64;
        const bound = (stepX / 2) * sumOfSizes(w) + (stepW / 2) * sumOfSizes(own) + (K * stepX * stepW) / 4;
        expect(Math.abs(y[row * N + j]! - exact[row * N + j]!)).toBeLessThan(bound);
      }
    }
  });

  it('is exact at the extremes, where 16-bit sums come closest to their limit', async () => {
    const run = await openProduct(new Float32Array(K * N).fill(1));
    const y = await run(new Float32Array(K).fill(3));
    y.forEach((value) => expect(value).toBeCloseTo(3 * K, 3));
    const below = await run(new Float32Array(K).fill(-3));
    below.forEach((value) => expect(value).toBeCloseTo(-3 * K, 3));
  });

  it('gives zeros for a row of zeros', async () => {
    const run = await openProduct(gaussian(K * N, 6));
    expect([...(await run(new Float32Array(K)))]).toEqual(Array.from({ length: N }, () => 0));
  });

  it('refuses sizes that do not fit', () => {
    const g = new Graph();
    const weights = g.constant(new Int8Array(6), [3, 2]);
    const scales = g.constant(new Float32Array(2), [2]);
    expect(() => matMulInt8(g, g.input('x', 'float32', ['batch', 4]), weights, scales)).toThrow(
      'cannot multiply [batch, 4] by int8 [3, 2] with scales [2]',
    );
  });
});

describe('gatherRowsInt8', () => {
  it('returns rows within half a scale of the table', async () => {
    const table = gaussian(12 * 5, 7);
    table.fill(0, 10, 15);
    const { values, scales } = quantiseRows(table, 5);
    const g = new Graph();
    const ids = g.input('ids', 'int32', ['batch', 'width']);
    g.output('rows', gatherRowsInt8(g, g.constant(values, [12, 5]), g.constant(scales, [12]), ids));
    const session = await openSession(g.toBytes());
    const asked = [0, 2, 11, 7, 7, 3];
    const { rows } = await session.run({ ids: new ort.Tensor('int32', Int32Array.from(asked), [2, 3]) });
    expect(rows!.dims).toEqual([2, 3, 5]);
    asked.forEach((id, place) => {
      for (let d = 0; d < 5; d++) {
        const error = (rows!.data as Float32Array)[place * 5 + d]! - table[id * 5 + d]!;
        expect(Math.abs(error)).toBeLessThanOrEqual(0.5001 * scales[id]!);
      }
    });
  });
});
