import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../src/core/random.js';
import { gradients } from '../../src/onnx/gradients.js';
import { Graph, type Tensor } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';

type Build = (g: Graph, ...inputs: Tensor[]) => Tensor;
interface Case {
  readonly build: Build;
  readonly shapes: readonly (readonly number[])[];
  /** Shifts the inputs, for operators that want positive numbers. */
  readonly offset?: number;
}

const CASES: Record<string, Case> = {
  'Add, with a stretched axis': {
    build: (g, a, b) => ops.add(g, a, b),
    shapes: [
      [3, 4],
      [1, 4],
    ],
  },
  'Add, with an added axis': { build: (g, a, b) => ops.add(g, a, b), shapes: [[2, 3, 4], [4]] },
  'Sub, with a scalar': { build: (g, a, b) => ops.sub(g, a, b), shapes: [[3, 4], []] },
  'Mul, both sides broadcast': {
    build: (g, a, b) => ops.mul(g, a, b),
    shapes: [
      [3, 1],
      [1, 4],
    ],
  },
  Div: {
    build: (g, a, b) => ops.div(g, a, b),
    shapes: [
      [3, 4],
      [3, 1],
    ],
    offset: 3,
  },
  Neg: { build: (g, x) => ops.neg(g, x), shapes: [[5]] },
  Exp: { build: (g, x) => ops.exp(g, x), shapes: [[5]] },
  Log: { build: (g, x) => ops.log(g, x), shapes: [[5]], offset: 4 },
  Sqrt: { build: (g, x) => ops.sqrt(g, x), shapes: [[5]], offset: 4 },
  Erf: { build: (g, x) => ops.erf(g, x), shapes: [[5]] },
  Tanh: { build: (g, x) => ops.tanh(g, x), shapes: [[5]] },
  Relu: { build: (g, x) => ops.relu(g, x), shapes: [[16]] },
  Sigmoid: { build: (g, x) => ops.sigmoid(g, x), shapes: [[5]] },
  Softplus: { build: (g, x) => ops.softplus(g, x), shapes: [[5]] },
  MatMul: {
    build: (g, a, b) => ops.matMul(g, a, b),
    shapes: [
      [3, 4],
      [4, 5],
    ],
  },
  'MatMul, one matrix for a batch': {
    build: (g, a, b) => ops.matMul(g, a, b),
    shapes: [
      [2, 3, 4],
      [4, 5],
    ],
  },
  Transpose: { build: (g, x) => ops.transpose(g, x, [2, 0, 1]), shapes: [[2, 3, 4]] },
  ReduceSum: { build: (g, x) => ops.reduceSum(g, x, [1]), shapes: [[3, 4]] },
  ReduceMean: { build: (g, x) => ops.reduceMean(g, x, [1]), shapes: [[3, 4]] },
  Squeeze: { build: (g, x) => ops.squeeze(g, x, [1]), shapes: [[3, 1, 4]] },
  Unsqueeze: { build: (g, x) => ops.unsqueeze(g, x, [0, 2]), shapes: [[3, 4]] },
  LogSoftmax: { build: (g, x) => ops.logSoftmax(g, x), shapes: [[3, 5]] },
  Gelu: { build: (g, x) => ops.gelu(g, x), shapes: [[7]] },
  LayerNorm: { build: (g, x, s, b) => ops.layerNorm(g, x, s, b), shapes: [[3, 8], [8], [8]] },
  'L2 normalisation': { build: (g, x) => ops.l2Normalise(g, x), shapes: [[3, 8]] },
  'a value used twice': { build: (g, x) => ops.add(g, ops.mul(g, x, x), x), shapes: [[5]] },
};

/** Analytic and central-difference gradients of sum(weights * build(...)) for every coordinate of every input. */
async function compare({
  build,
  shapes,
  offset = 0,
}: Case): Promise<{ analytic: number; numeric: number }[]> {
  const random = seededRandom(7);
  const g = new Graph();
  const inputs = shapes.map((shape, i) => g.input(`x${i}`, 'float32', shape));
  const out = build(g, ...inputs);
  const size = (shape: readonly unknown[]): number => (shape as number[]).reduce((a, b) => a * b, 1);
  const weights = g.constant(
    Float32Array.from({ length: size(out.shape) }, () => normal(random)),
    out.shape as number[],
  );
  const loss = ops.reduceSum(
    g,
    ops.mul(g, out, weights),
    out.shape.map((_, axis) => axis),
  );
  gradients(g, loss, inputs).forEach((d, i) => g.output(`d${i}`, d));
  g.output('loss', loss);
  const session = await ort.InferenceSession.create(g.toBytes(), { intraOpNumThreads: 1 });
  const values = shapes.map((shape) =>
    Float32Array.from({ length: size(shape) }, () => normal(random) + offset),
  );
  const run = async () =>
    session.run(Object.fromEntries(values.map((v, i) => [`x${i}`, new ort.Tensor('float32', v, shapes[i])])));
  const base = await run();
  const pairs: { analytic: number; numeric: number }[] = [];
  const step = 1e-2;
  for (const [i, value] of values.entries()) {
    const analytic = base[`d${i}`]!.data as Float32Array;
    expect(base[`d${i}`]!.dims).toEqual(shapes[i]);
    for (let j = 0; j < value.length; j++) {
      const kept = value[j]!;
      value[j] = kept + step;
      const above = (await run())['loss']!.data[0] as number;
      value[j] = kept - step;
      const below = (await run())['loss']!.data[0] as number;
      value[j] = kept;
      pairs.push({ analytic: analytic[j]!, numeric: (above - below) / (2 * step) });
    }
  }
  await session.release();
  return pairs;
}

describe('gradients', () => {
  it.each(Object.keys(CASES))('of %s agree with finite differences', async (name) => {
    const pairs = await compare(CASES[name]!);
    for (const { analytic, numeric } of pairs) {
      expect(Math.abs(analytic - numeric)).toBeLessThan(5e-3 * Math.max(1, Math.abs(numeric)));
    }
  });

  it('refuses a loss that is not one number', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [3]);
    expect(() => gradients(g, ops.neg(g, x), [x])).toThrow('one number');
  });

  it('says when the loss does not depend on a tensor', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [1]);
    const y = g.input('y', 'float32', [1]);
    expect(() => gradients(g, ops.neg(g, x), [y])).toThrow('does not depend on y');
  });
});
