import * as ort from 'onnxruntime-node';
import { TagdistillError } from '../../src/core/errors.js';
import type { OnProgress } from '../../src/core/progress.js';
import { Graph } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';
import { openSession } from '../../src/runtime/session.js';
import { symmetricEigen } from './symmetric-eigen.js';

export interface PrincipalComponents {
  /** shape [n, nKept] */
  readonly scores: Float32Array;
  readonly nKept: number;
  /** Share of the variance that the kept components hold. */
  readonly explained: number;
}

export interface PrincipalComponentsOptions {
  /** Components to keep, at most the width of the vectors. */
  readonly nKept: number;
  readonly threads?: number;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

const ROWS_PER_RUN = 4096;

/**
 * Centre vectors and project them onto their principal components.
 *
 * The sign of a component is the one that makes its largest score positive. Where there are no more vectors than
 * components wanted, the vectors come back as they are, as in Model2Vec.
 *
 * @param values shape [n, nDims]
 * @throws TagdistillError `E_ABORTED`
 */
export async function principalComponents(
  values: Float32Array,
  nDims: number,
  { nKept, threads = 2, onProgress, signal }: PrincipalComponentsOptions,
): Promise<PrincipalComponents> {
  const n = values.length / nDims;
  if (nKept >= n) return { scores: values, nKept: nDims, explained: 1 };
  const width = Math.min(nKept, nDims);
  const centred = centre(values, nDims);
  const covariance = await gram(centred, nDims, threads);
  const { values: variances, vectors } = symmetricEigen(covariance, nDims, (sweep) => {
    if (signal?.aborted === true) {
      throw new TagdistillError('E_ABORTED', `stopped after sweep ${sweep} of the principal components`, {
        cause: signal.reason,
      });
    }
    onProgress?.({ stage: 'principal components', done: sweep });
  });
  const scores = await project(centred, nDims, vectors.subarray(0, width * nDims), threads);
  flipSigns(scores, width);
  const total = variances.reduce((sum, variance) => sum + Math.max(0, variance), 0);
  const held = variances.subarray(0, width).reduce((sum, variance) => sum + Math.max(0, variance), 0);
  return { scores, nKept: width, explained: total > 0 ? held / total : 1 };
}

function centre(values: Float32Array, nDims: number): Float32Array {
  const n = values.length / nDims;
  const mean = new Float64Array(nDims);
  for (let i = 0; i < values.length; i++) mean[i % nDims]! += values[i]! / n;
  return values.map((value, i) => value - mean[i % nDims]!);
}

/** The products of all pairs of columns, xT x, shape [nDims, nDims]; blocks are added up in double precision. */
async function gram(x: Float32Array, nDims: number, threads: number): Promise<Float64Array> {
  const g = new Graph();
  const rows = g.input('rows', 'float32', ['n', nDims]);
  g.output('products', ops.matMul(g, ops.transpose(g, rows, [1, 0]), rows));
  const sum = new Float64Array(nDims * nDims);
  await runInBlocks(g, x, nDims, threads, 'products', (block) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += block[i]!;
  });
  return sum;
}

async function project(
  x: Float32Array,
  nDims: number,
  axes: Float64Array,
  threads: number,
): Promise<Float32Array> {
  const width = axes.length / nDims;
  const g = new Graph();
  const rows = g.input('rows', 'float32', ['n', nDims]);
  const basis = g.constant(Float32Array.from(axes), [width, nDims]);
  g.output('scores', ops.matMul(g, rows, ops.transpose(g, basis, [1, 0])));
  const scores = new Float32Array((x.length / nDims) * width); // [n, width]
  await runInBlocks(g, x, nDims, threads, 'scores', (block, start) => scores.set(block, start * width));
  return scores;
}

async function runInBlocks(
  g: Graph,
  x: Float32Array,
  nDims: number,
  threads: number,
  output: string,
  take: (block: Float32Array, startRow: number) => void,
): Promise<void> {
  const session = await openSession(g.toBytes(), { threads });
  try {
    const n = x.length / nDims;
    for (let start = 0; start < n; start += ROWS_PER_RUN) {
      const end = Math.min(n, start + ROWS_PER_RUN);
      const rows = new ort.Tensor('float32', x.subarray(start * nDims, end * nDims), [end - start, nDims]);
      const { [output]: block } = await session.run({ rows });
      take(block!.data as Float32Array, start);
    }
  } finally {
    await session.release();
  }
}

function flipSigns(scores: Float32Array, width: number): void {
  const largest = new Float32Array(width);
  scores.forEach((score, i) => {
    if (Math.abs(score) > Math.abs(largest[i % width]!)) largest[i % width] = score;
  });
  for (let i = 0; i < scores.length; i++) if (largest[i % width]! < 0) scores[i]! *= -1;
}
