import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/core/random.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';
import { bytesOf, Kernel } from '../../../student/kernel/kernel.js';
import { adamOracle, expectClose } from './oracle.js';

describe('Kernel', () => {
  it.each([1, 3, 4, 6, 1003])('takes Adam steps of %i numbers as float64 arithmetic does', async (n) => {
    const random = seededRandom(n);
    const kernel = await Kernel.create({ bytes: bytesOf(n, n, n, n) });
    const [values, gradient, mean, square] = [0, 0, 0, 0].map(() => kernel.float32(n));
    const arrays = { values: values!, gradient: gradient!, mean: mean!, square: square! };
    arrays.values.forEach((_, i) => (arrays.values[i] = normal(random)));
    const oracle = adamOracle(arrays.values);
    for (let step = 1; step <= 20; step++) {
      arrays.gradient.forEach((_, i) => (arrays.gradient[i] = normal(random)));
      const options = { learningRate: 1e-2, step, weightDecay: 0.1 };
      kernel.adam(arrays, options);
      oracle.update(arrays.gradient, options);
    }
    expectClose(arrays.values, oracle.values);
  });

  it('leaves numbers beside the ones it updates alone', async () => {
    const kernel = await Kernel.create({ bytes: bytesOf(5, 5, 5, 5, 4) });
    const [values, gradient, mean, square, after] = [5, 5, 5, 5, 4].map((n) => kernel.float32(n));
    gradient!.fill(1);
    const arrays = { values: values!, gradient: gradient!, mean: mean!, square: square! };
    kernel.adam(arrays, { learningRate: 1, step: 1 });
    expect([...values!]).toEqual(Array(5).fill(-1));
    expect([...gradient!]).toEqual(Array(5).fill(1));
    expect([...after!]).toEqual([0, 0, 0, 0]);
  });

  it('gives arrays that onnxruntime reads and writes in place', async () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [3]);
    g.output('twice', ops.add(g, x, x));
    const session = await ort.InferenceSession.create(g.toBytes());
    const kernel = await Kernel.create({ bytes: bytesOf(3, 3) });
    const [input, output] = [kernel.float32(3), kernel.float32(3)];
    input.set([1, 2, 3]);
    await session.run(
      { x: new ort.Tensor('float32', input, [3]) },
      { twice: new ort.Tensor('float32', output, [3]) },
    );
    expect([...output]).toEqual([2, 4, 6]);
    await session.release();
  });

  it('has room for exactly the arrays that bytesOf counted, rounded up to 64 KiB', async () => {
    const lengths = [1, 7, 16_000, 341];
    const kernel = await Kernel.create({ bytes: bytesOf(...lengths) });
    for (const n of lengths) expect(kernel.int32(n)).toHaveLength(n);
    expect(() => kernel.float32(65_536 / 4)).toThrow(
      expect.objectContaining({ code: 'E_OUT_OF_MEMORY', message: expect.stringContaining('16384 numbers') }),
    );
  });

  it('says how much was wanted when that is more than 4 GiB', async () => {
    await expect(Kernel.create({ bytes: 5 * 2 ** 30 })).rejects.toMatchObject({
      code: 'E_OUT_OF_MEMORY',
      message: expect.stringContaining('5.0 GiB'),
    });
  });

  it.each([0, -1, NaN])('refuses %d bytes', async (bytes) => {
    await expect(Kernel.create({ bytes })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
  });

  it('refuses arrays of another memory or length', async () => {
    const kernel = await Kernel.create({ bytes: 4096 });
    const [values, gradient, mean] = [kernel.float32(4), kernel.float32(4), kernel.float32(4)];
    const update = (square: Float32Array) => () => {
      kernel.adam({ values, gradient, mean, square }, { learningRate: 1, step: 1 });
    };
    expect(update(new Float32Array(4))).toThrow('found 4 elsewhere');
    expect(update(kernel.float32(3))).toThrow('wants 4 numbers in its own memory, found 3');
  });
});
