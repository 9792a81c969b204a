import * as ort from 'onnxruntime-node';
import { normal, type Random } from '../src/core/random.js';
import type { Bag } from '../src/features/bag-encoder.js';
import { Graph } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';
import { openSession } from '../src/runtime/session.js';

export interface LatentSpaceOptions {
  readonly nFeatures: number;
  readonly nDims: number;
  readonly random: Random;
  readonly threads: number;
}

const POWER_ITERATIONS = 4;
/** More bags than this are thinned out evenly: the leading directions do not need them all. */
const MAX_BAGS = 4000;
const NOISE = 1e-3;

/**
 * Find the directions in which bags of features vary most: an orthonormal basis of their leading right singular
 * vectors (latent semantic analysis), by randomised subspace iteration.
 *
 * The basis is not rotated to the singular vectors themselves: what follows is linear and does not mind.
 * Dimensions beyond the number of bags or features hold small noise.
 *
 * @returns shape [nFeatures, nDims]
 * @see Halko, Martinsson & Tropp 2011
 */
export async function latentSpace(
  bags: readonly Bag[],
  { nFeatures, nDims, random, threads }: LatentSpaceOptions,
): Promise<Float32Array> {
  const step = Math.max(1, bags.length / MAX_BAGS);
  const sample = Array.from(
    { length: Math.min(bags.length, MAX_BAGS) },
    (_, i) => bags[Math.floor(i * step)]!,
  );
  const rank = Math.min(nDims, sample.length, nFeatures);
  const space = Float32Array.from({ length: nFeatures * nDims }, () => NOISE * normal(random)); // [nFeatures, nDims]
  const orthonormalise = await Orthonormaliser.open(rank, threads);
  try {
    let basis: Float32Array = Float32Array.from({ length: nFeatures * rank }, () => normal(random)); // [nFeatures, rank]
    for (let i = 0; i <= POWER_ITERATIONS; i++) {
      const images = await orthonormalise.run(project(sample, basis, rank)); // [nBags, rank]
      basis = spreadBack(sample, images, nFeatures, rank);
    }
    basis = await orthonormalise.run(basis);
    for (let row = 0; row < nFeatures; row++) {
      space.set(basis.subarray(row * rank, (row + 1) * rank), row * nDims);
    }
    return space;
  } finally {
    await orthonormalise.close();
  }
}

/** bags times basis, shape [nBags, nDims] */
function project(bags: readonly Bag[], basis: Float32Array, nDims: number): Float32Array {
  const out = new Float32Array(bags.length * nDims);
  bags.forEach(({ ids, weights }, row) => {
    const to = row * nDims;
    for (let i = 0; i < ids.length; i++) {
      const weight = weights[i]!;
      const from = ids[i]! * nDims;
      for (let d = 0; d < nDims; d++) out[to + d]! += weight * basis[from + d]!;
    }
  });
  return out;
}

/** transposed bags times images, shape [nFeatures, nDims] */
function spreadBack(
  bags: readonly Bag[],
  images: Float32Array,
  nFeatures: number,
  nDims: number,
): Float32Array {
  const out = new Float32Array(nFeatures * nDims);
  bags.forEach(({ ids, weights }, row) => {
    const from = row * nDims;
    for (let i = 0; i < ids.length; i++) {
      const weight = weights[i]!;
      const to = ids[i]! * nDims;
      for (let d = 0; d < nDims; d++) out[to + d]! += weight * images[from + d]!;
    }
  });
  return out;
}

/** Makes the columns of a tall matrix orthonormal: Q = X L^-T with X^T X = L L^T, the products on ONNX Runtime. */
class Orthonormaliser {
  private constructor(
    private readonly nDims: number,
    private readonly gram: ort.InferenceSession,
    private readonly product: ort.InferenceSession,
  ) {}

  static async open(nDims: number, threads: number): Promise<Orthonormaliser> {
    const gram = new Graph();
    const x = gram.input('x', 'float32', ['rows', nDims]);
    gram.output('gram', ops.matMul(gram, ops.transpose(gram, x, [1, 0]), x));
    const product = new Graph();
    const a = product.input('x', 'float32', ['rows', nDims]);
    const b = product.input('right', 'float32', [nDims, nDims]);
    product.output('out', ops.matMul(product, a, b));
    const [gramSession, productSession] = await Promise.all(
      [gram, product].map((graph) => openSession(graph.toBytes(), { threads })),
    );
    return new Orthonormaliser(nDims, gramSession!, productSession!);
  }

  async run(values: Float32Array): Promise<Float32Array> {
    const { nDims } = this;
    const x = new ort.Tensor('float32', values, [values.length / nDims, nDims]);
    const { gram } = await this.gram.run({ x });
    const right = inverseTransposedFactor(gram!.data as Float32Array, nDims);
    const { out } = await this.product.run({ x, right: new ort.Tensor('float32', right, [nDims, nDims]) });
    return out!.data as Float32Array;
  }

  async close(): Promise<void> {
    await this.gram.release();
    await this.product.release();
  }
}

/** L^-T of a symmetric n x n matrix L L^T, by Cholesky; a small ridge stands in for missing rank. */
function inverseTransposedFactor(matrix: Float32Array, n: number): Float32Array {
  const factor = new Float64Array(n * n); // L
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix[i * n + i]!;
  const ridge = (1e-6 * trace) / n + 1e-30;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]! + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      factor[i * n + j] = i === j ? Math.sqrt(Math.max(sum, ridge)) : sum / factor[j * n + j]!;
    }
  }
  const inverse = new Float32Array(n * n); // L^-T, upper triangular
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = c; i < n; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= factor[i * n + k]! * column[k]!;
      column[i] = sum / factor[i * n + i]!;
      inverse[c * n + i] = column[i]!;
    }
  }
  return inverse;
}
