import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../src/core/random.js';
import { gradients } from '../../src/onnx/gradients.js';
import { Graph, type Shape, type Tensor } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';

type Build = (g: Graph, ...inputs: Tensor[]) => Tensor;
interface Case {
  readonly build: Build;
  readonly shapes: readonly (readonly number[])[];
  /** Where sizes are left open: the inputs' shapes as the graph declares them, and the true one of the result. */
  readonly open?: { readonly declared: readonly Shape[]; readonly out: readonly number[] };
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
  'MatMul, a matrix for each of a batch': {
    build: (g, a, b) => ops.matMul(g, a, b),
    shapes: [
      [2, 3, 4],
      [2, 4, 5],
    ],
  },
  Transpose: { build: (g, x) => ops.transpose(g, x, [2, 0, 1]), shapes: [[2, 3, 4]] },
  ReduceSum: { build: (g, x) => ops.reduceSum(g, x, [1]), shapes: [[3, 4]] },
  ReduceMean: { build: (g, x) => ops.reduceMean(g, x, [1]), shapes: [[3, 4]] },
  Squeeze: { build: (g, x) => ops.squeeze(g, x, [1]), shapes: [[3, 1, 4]] },
  Unsqueeze: { build: (g, x) => ops.unsqueeze(g, x, [0, 2]), shapes: [[3, 4]] },
  Reshape: { build: (g, x) => ops.reshape(g, x, [2, 6]), shapes: [[3, 4]] },
  'Reshape, with open sizes': {
    build: (g, x) => ops.reshape(g, x, ['batch', 'time', 2, 2]),
    shapes: [[2, 3, 4]],
    open: { declared: [['batch', 'time', 4]], out: [2, 3, 2, 2] },
  },
  'Reshape, joining an open size to another': {
    build: (g, x) => ops.reshape(g, x, ['rows', 4]),
    shapes: [[2, 3, 4]],
    open: { declared: [['batch', 3, 4]], out: [6, 4] },
  },
  Concat: {
    build: (g, a, b, c) => ops.concat(g, [a, b, c], -1),
    shapes: [
      [2, 3],
      [2, 1],
      [2, 4],
    ],
  },
  'Concat, of a tensor with itself': { build: (g, x) => ops.concat(g, [x, x], 0), shapes: [[2, 3]] },
  Slice: { build: (g, x) => ops.slice(g, x, { axis: 1, start: 1, end: 3 }), shapes: [[2, 4, 3]] },
  'Slice, of the last axis beside an open one': {
    build: (g, x) => ops.slice(g, x, { axis: -1, start: 0, end: 2 }),
    shapes: [[3, 5]],
    open: { declared: [['batch', 5]], out: [3, 2] },
  },
  Where: {
    build: (g, a, b) => ops.where(g, ops.cast(g, g.constant(Int32Array.of(1, 0, 0, 1), [4]), 'bool'), a, b),
    shapes: [[3, 4], []],
  },
  'Cast and Greater, which pass none': {
    build: (g, x) => ops.add(g, x, ops.greater(g, x, g.scalar(5))),
    shapes: [[5]],
  },
  Softmax: { build: (g, x) => ops.softmax(g, x), shapes: [[3, 5]] },
  'causal attention of two heads': {
    build: causalAttention,
    shapes: [[2, 3, 4]],
    open: { declared: [['batch', 3, 4]], out: [2, 3, 4] },
  },
  LogSoftmax: { build: (g, x) => ops.logSoftmax(g, x), shapes: [[3, 5]] },
  Gelu: { build: (g, x) => ops.gelu(g, x), shapes: [[7]] },
  LayerNorm: { build: (g, x, s, b) => ops.layerNorm(g, x, s, b), shapes: [[3, 8], [8], [8]] },
  'L2 normalisation': { build: (g, x) => ops.l2Normalise(g, x), shapes: [[3, 8]] },
  'a value used twice': { build: (g, x) => ops.add(g, ops.mul(g, x, x), x), shapes: [[5]] },
};

/** x [batch, 3, 4] attends to itself and earlier places, in two heads of width 2. */
function causalAttention(g: Graph, x: Tensor): Tensor {
  const heads = ops.transpose(g, ops.reshape(g, x, ['batch', 3, 2, 2]), [0, 2, 1, 3]);
  const scores = ops.matMul(g, heads, ops.transpose(g, heads, [0, 1, 3, 2]));
  const seen = ops.cast(g, g.constant(Int32Array.of(1, 0, 0, 1, 1, 0, 1, 1, 1), [3, 3]), 'bool');
  const weights = ops.softmax(g, ops.where(g, seen, scores, g.scalar(-1e9)));
  return ops.reshape(g, ops.transpose(g, ops.matMul(g, weights, heads), [0, 2, 1, 3]), ['batch', 3, 4]);
}

/** Analytic and central-difference gradients of sum(weights * build(...)) for every coordinate of every input. */
async function compare({
  build,
  shapes,
  offset = 0,
  open,
}: Case): Promise<{ analytic: number; numeric: number }[]> {
  const random = seededRandom(7);
  const g = new Graph();
  const inputs = shapes.map((shape, i) => g.input(`x${i}`, 'float32', open?.declared[i] ?? shape));
  const out = build(g, ...inputs);
  const outShape = open?.out ?? (out.shape as number[]);
  const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
  const weights = g.input('weights', 'float32', out.shape);
  const loss = ops.reduceSum(
    g,
    ops.mul(g, out, weights),
    out.shape.map((_, axis) => axis),
  );
  gradients(g, loss, inputs).forEach((d, i) => g.output(`d${i}`, d));
  g.output('loss', loss);
  const session = await ort.InferenceSession.create(g.toBytes(), { intraOpNumThreads: 1 });
  const outWeights = Float32Array.from({ length: size(outShape) }, () => normal(random));
  const values = shapes.map((shape) =>
    Float32Array.from({ length: size(shape) }, () => normal(random) + offset),
  );
  const run = async () =>
    session.run({
      weights: new ort.Tensor('float32', outWeights, outShape),
      ...Object.fromEntries(values.map((v, i) => [`x${i}`, new ort.Tensor('float32', v, shapes[i])])),
    });
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

  it('points from a table to its gathered rows', () => {
    const g = new Graph();
    const table = g.input('table', 'float32', [5, 2]);
    const rows = ops.gatherRows(g, table, g.input('ids', 'int32', [3]));
    const loss = ops.reduceSum(g, ops.mul(g, rows, rows), [0, 1]);
    expect(gradients(g, loss, [rows])[0]!.shape).toEqual([3, 2]);
    expect(() => gradients(g, loss, [table])).toThrow(
      expect.objectContaining({ code: 'E_BAD_INPUT', hint: expect.stringContaining('gathered rows') }),
    );
  });

  it('says when the loss does not depend on a tensor', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [1]);
    const y = g.input('y', 'float32', [1]);
    expect(() => gradients(g, ops.neg(g, x), [y])).toThrow('does not depend on y');
  });
});

describe('ops', () => {
  const g = new Graph();
  const x = g.input('x', 'float32', ['batch', 4]);
  it.each<[string, () => Tensor]>([
    ['cannot reshape [batch, 4] to [a, b]', () => ops.reshape(g, x, ['a', 'b'])],
    ['cannot reshape [2, 3] to [4]', () => ops.reshape(g, g.input('y', 'float32', [2, 3]), [4])],
    ['axis 0 of [batch, 4] has no known size', () => ops.concat(g, [x, x], 0)],
    [
      'cannot join [3, 4] to [batch, 4] along axis 1',
      () => ops.concat(g, [x, g.input('z', 'float32', [3, 4])], 1),
    ],
    ['cannot cut 2 to 5 out of an axis of 4', () => ops.slice(g, x, { axis: 1, start: 2, end: 5 })],
    ['cannot cut 2 to 2 out of an axis of 4', () => ops.slice(g, x, { axis: 1, start: 2, end: 2 })],
  ])('say what does not fit: %s', (message, build) => {
    expect(build).toThrow(expect.objectContaining({ code: 'E_BAD_INPUT', message }));
  });
});
