import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/core/random.js';
import { gradients } from '../../../src/onnx/gradients.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';
import { EmbeddingTable, type RowRule } from '../../../student/kernel/embedding-table.js';
import { KernelBags } from '../../../student/kernel/kernel-bags.js';
import { bytesOf, Kernel } from '../../../student/kernel/kernel.js';
import { adagradOracle, adamOracle, expectClose } from './oracle.js';

interface OneBag {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
}

interface Setting {
  readonly nRows: number;
  readonly nDims: number;
  readonly rule?: RowRule;
  readonly maxIds?: number;
  readonly maxBags?: number;
}

async function open({ nRows, nDims, rule = 'adagrad', maxIds = 64, maxBags = 8 }: Setting) {
  const size = { nRows, nDims, maxIds, rule };
  const bytes = EmbeddingTable.bytes(size) + KernelBags.bytes({ maxBags, maxIds }) + bytesOf(maxBags * nDims);
  const kernel = await Kernel.create({ bytes });
  const table = new EmbeddingTable(kernel, size);
  const bags = new KernelBags(kernel, { maxBags, maxIds });
  const rows = kernel.float32(maxBags * nDims);
  const random = seededRandom(nRows);
  table.values.forEach((_, i) => (table.values[i] = normal(random)));
  const fill = (of: readonly OneBag[]): void => {
    bags.clear();
    for (const { ids, weights } of of) bags.push(ids, weights);
  };
  return { table, bags, rows, fill, random };
}

const oneBag = (nRows: number): fc.Arbitrary<OneBag> =>
  fc
    .array(fc.tuple(fc.nat(nRows - 1), fc.float({ min: -2, max: 2, noNaN: true })), { maxLength: 8 })
    .map((pairs) => ({ ids: pairs.map(([id]) => id), weights: pairs.map(([, weight]) => weight) }));

const batches = fc
  .record({ nRows: fc.integer({ min: 1, max: 9 }), nDims: fc.integer({ min: 1, max: 11 }) })
  .chain(({ nRows, nDims }) =>
    fc.record({
      nRows: fc.constant(nRows),
      nDims: fc.constant(nDims),
      batch: fc.array(oneBag(nRows), { maxLength: 8 }),
    }),
  );

/** d table = sum over bags and their ids of weight * dOut, in float64, shape [nRows, nDims]. */
function rowGradients(batch: readonly OneBag[], dOut: ArrayLike<number>, nRows: number, nDims: number) {
  const gradient = new Float64Array(nRows * nDims);
  batch.forEach(({ ids, weights }, bag) => {
    ids.forEach((id, i) => {
      for (let d = 0; d < nDims; d++) gradient[id * nDims + d]! += weights[i]! * dOut[bag * nDims + d]!;
    });
  });
  return gradient;
}

describe('EmbeddingTable', () => {
  it('sums the rows of each bag by weight, and gives zeros for an empty bag', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async ({ nRows, nDims, batch }) => {
        const { table, bags, rows, fill } = await open({ nRows, nDims });
        fill(batch);
        rows.fill(NaN);
        const out = rows.subarray(0, batch.length * nDims);
        table.forward(bags, out);
        const wanted = batch.flatMap(({ ids, weights }) =>
          Array.from({ length: nDims }, (_, d) =>
            ids.reduce((sum, id, i) => sum + weights[i]! * table.values[id * nDims + d]!, 0),
          ),
        );
        expectClose(out, wanted);
      }),
      { numRuns: 50 },
    );
  });

  it('sums the gradients of an id that occurs often, and names each touched row once', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async ({ nRows, nDims, batch }) => {
        const { table, bags, rows, fill, random } = await open({ nRows, nDims });
        fill(batch);
        const dOut = rows.subarray(0, batch.length * nDims);
        dOut.forEach((_, i) => (dOut[i] = normal(random)));
        // Twice: the second call must not see what the first one left.
        table.backward(bags, dOut);
        const found = table.backward(bags, dOut);
        expect([...found.rows]).toEqual([...new Set(batch.flatMap(({ ids }) => ids))]);
        const wanted = rowGradients(batch, dOut, nRows, nDims);
        expectClose(
          found.gradient,
          [...found.rows].flatMap((row) => [...wanted.subarray(row * nDims, (row + 1) * nDims)]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('sums 4,096 gradients of one row, where ScatterND in onnxruntime drops some on many threads', async () => {
    const n = 4096;
    const nDims = 8;
    const { table, bags, rows, fill } = await open({ nRows: 2, nDims, maxIds: n, maxBags: n });
    fill(Array.from({ length: n }, () => ({ ids: [1], weights: [1] })));
    rows.fill(1);
    const { rows: touched, gradient } = table.backward(bags, rows);
    expect([...touched]).toEqual([1]);
    expect([...gradient]).toEqual(Array(nDims).fill(n));
  });

  it.each(['adam', 'adagrad'] as const)(
    'updates touched rows by %s as float64 arithmetic does',
    async (rule) => {
      const [nRows, nDims, nBags] = [12, 10, 5];
      const { table, bags, rows, fill, random } = await open({ nRows, nDims, rule });
      const adam = adamOracle(table.values);
      const adagrad = adagradOracle(table.values, nDims);
      for (let step = 1; step <= 20; step++) {
        const batch = Array.from({ length: nBags }, () => ({
          ids: Array.from({ length: 4 }, () => Math.floor(random() * nRows)),
          weights: Array.from({ length: 4 }, () => normal(random)),
        }));
        fill(batch);
        const dOut = rows.subarray(0, nBags * nDims);
        dOut.forEach((_, i) => (dOut[i] = normal(random)));
        table.backward(bags, dOut);
        table.update({ learningRate: 0.01, step });
        const gradient = rowGradients(batch, dOut, nRows, nDims);
        for (const row of new Set(batch.flatMap(({ ids }) => ids))) {
          adam.update(gradient, { learningRate: 0.01, step }, [row * nDims, (row + 1) * nDims]);
          adagrad.update(row, gradient, 0.01);
        }
      }
      expectClose(table.values, rule === 'adam' ? adam.values : adagrad.values);
    },
  );

  it('leaves rows alone that no bag names', async () => {
    const { table, bags, rows, fill } = await open({ nRows: 3, nDims: 4 });
    const before = [...table.values];
    fill([{ ids: [1], weights: [1] }]);
    rows.fill(1);
    table.backward(bags, rows.subarray(0, 4));
    table.update({ learningRate: 0.1, step: 1 });
    expect([...table.values.subarray(0, 4)]).toEqual(before.slice(0, 4));
    expect([...table.values.subarray(4, 8)]).not.toEqual(before.slice(4, 8));
    expect([...table.values.subarray(8)]).toEqual(before.slice(8));
  });

  it('stands in for the gradient of a Gather, of which the graph gives the gathered rows', async () => {
    const [nRows, nDims, ids, weights] = [5, 6, [3, 0, 3], [0.5, -1, 2]];
    const { table, bags, rows, fill } = await open({ nRows, nDims });
    const g = new Graph();
    const bag = g.input('bag', 'float32', [1, nDims]);
    const loss = ops.reduceSum(g, ops.mul(g, ops.tanh(g, bag), bag), [0, 1]);
    g.output('loss', loss);
    g.output('d', gradients(g, loss, [bag])[0]!);
    const session = await ort.InferenceSession.create(g.toBytes(), { intraOpNumThreads: 1 });
    const out = rows.subarray(0, nDims);
    const lossOf = async (): Promise<{ loss: number; d: Float32Array }> => {
      fill([{ ids, weights }]);
      table.forward(bags, out);
      const { loss: value, d } = await session.run({ bag: new ort.Tensor('float32', out, [1, nDims]) });
      return { loss: value!.data[0] as number, d: d!.data as Float32Array };
    };
    const { d } = await lossOf();
    out.set(d);
    const { rows: touched, gradient } = table.backward(bags, out);
    const analytic = new Float64Array(nRows * nDims);
    const copy = gradient.slice();
    touched.forEach((row, i) => analytic.set(copy.subarray(i * nDims, (i + 1) * nDims), row * nDims));
    for (let i = 0; i < table.values.length; i++) {
      const kept = table.values[i]!;
      table.values[i] = kept + 1e-2;
      const above = (await lossOf()).loss;
      table.values[i] = kept - 1e-2;
      const below = (await lossOf()).loss;
      table.values[i] = kept;
      expect((above - below) / 2e-2).toBeCloseTo(analytic[i]!, 2);
    }
    await session.release();
  });

  it.each([-1, 3, 2 ** 31 - 1])('refuses the row %i, which the table lacks', async (id) => {
    const { table, bags, rows, fill } = await open({ nRows: 3, nDims: 2 });
    fill([
      { ids: [0], weights: [1] },
      { ids: [2, id], weights: [1, 1] },
    ]);
    const error = { code: 'E_BAD_INPUT', message: `a bag names row ${id}, the table has 3 rows` };
    expect(() => table.forward(bags, rows.subarray(0, 4))).toThrow(expect.objectContaining(error));
    expect(() => table.backward(bags, rows.subarray(0, 4))).toThrow(expect.objectContaining(error));
    // A refused batch leaves nothing behind.
    fill([{ ids: [2], weights: [1] }]);
    rows.fill(1);
    expect([...table.backward(bags, rows.subarray(0, 2)).gradient]).toEqual([1, 1]);
  });

  it('says what does not fit', async () => {
    const { table, bags, rows, fill } = await open({ nRows: 3, nDims: 2, maxIds: 4, maxBags: 2 });
    const bag = { ids: [0, 1], weights: [1, 1] };
    expect(() => fill([bag, { ids: [0, 0, 0], weights: [1, 1, 1] }])).toThrow('1 of 2 bags and 2 of 4 ids');
    expect(() => fill([bag, { ids: [], weights: [] }, bag])).toThrow('2 of 2 bags');
    expect(() => fill([{ ids: [0, 1], weights: [1] }])).toThrow('2 ids and 1 weights');
    fill([bag]);
    expect(() => table.forward(bags, rows)).toThrow('wants 2 numbers in its own memory, found 4');
  });
});
