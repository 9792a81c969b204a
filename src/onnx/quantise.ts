import { TagdistillError } from '../core/errors.js';
import type { Graph, Tensor } from './graph.js';
import * as ops from './ops.js';

/** Whole numbers with one scale a column or a row: value = whole number * scale. */
export interface Quantised {
  /** of the shape that was quantised */
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * The largest weight. Kernels for CPUs without VNNI add two products of an activation (at most 255) and a weight in
 * 16 bits: 2 * 255 * 64 = 32,640 just fits, where 127 would be cut off.
 */
const MAX_WEIGHT = 64;
/** The largest entry of a table, which is looked up and never multiplied in 16 bits. */
const MAX_TABLE = 127;
const MAX_ACTIVATION = 127;
const ZERO_POINT = 128;
/** Keeps a row of zeros from dividing by zero. */
const SMALLEST_ROW = 1e-30;

/**
 * Round the weights of a matrix product to whole numbers from -64 to 64, one scale a column.
 *
 * The largest of a column keeps its value; the others move by at most half a scale. A column of zeros has scale 0.
 *
 * @param values shape [k, n]
 * @returns values [k, n], scales [n]
 * @throws TagdistillError `E_BAD_INPUT` for a number that is not finite, or if the length is no multiple of n
 */
export function quantiseColumns(values: Float32Array, n: number): Quantised {
  checkWidth(values, n);
  const scales = new Float32Array(n);
  for (let i = 0; i < values.length; i++) scales[i % n] = Math.max(scales[i % n]!, finiteSize(values[i]!, i));
  for (let column = 0; column < n; column++) scales[column]! /= MAX_WEIGHT;
  const rounded = new Int8Array(values.length); // [k, n]
  for (let i = 0; i < values.length; i++) rounded[i] = round(values[i]!, scales[i % n]!, MAX_WEIGHT);
  return { values: rounded, scales };
}

/**
 * Round a table to whole numbers from -127 to 127, one scale a row. A row of zeros has scale 0.
 *
 * @param values shape [v, d]
 * @returns values [v, d], scales [v]
 * @throws TagdistillError `E_BAD_INPUT` for a number that is not finite, or if the length is no multiple of d
 */
export function quantiseRows(values: Float32Array, d: number): Quantised {
  checkWidth(values, d);
  const nRows = values.length / d;
  const scales = new Float32Array(nRows);
  const rounded = new Int8Array(values.length); // [v, d]
  for (let row = 0; row < nRows; row++) {
    let largest = 0;
    for (let i = row * d; i < (row + 1) * d; i++) largest = Math.max(largest, finiteSize(values[i]!, i));
    scales[row] = largest / MAX_TABLE;
    for (let i = row * d; i < (row + 1) * d; i++) rounded[i] = round(values[i]!, scales[row]!, MAX_TABLE);
  }
  return { values: rounded, scales };
}

function checkWidth(values: Float32Array, width: number): void {
  if (Number.isInteger(width) && width > 0 && values.length % width === 0) return;
  throw new TagdistillError('E_BAD_INPUT', `${values.length} numbers do not form rows of ${width}`);
}

function finiteSize(value: number, index: number): number {
  const size = Math.abs(value);
  if (size < Infinity) return size;
  throw new TagdistillError('E_BAD_INPUT', `cannot quantise ${value} at place ${index}`, {
    hint: 'Lower the learning rate, so that training stays finite.',
  });
}

/** The scale is a rounded float32, so that the quotient may pass the largest by a hair. */
function round(value: number, scale: number, largest: number): number {
  if (scale === 0) return 0;
  return Math.max(-largest, Math.min(largest, Math.round(value / scale)));
}

/**
 * Multiply by int8 weights: x [..., k] float32, weights [k, n] and scales [n] give [..., n] float32.
 *
 * Each row of x is rounded by its own scale, symmetric about 128, so that a text's scores never depend on its batch.
 *
 * @throws TagdistillError `E_BAD_INPUT` if the sizes do not fit
 */
export function matMulInt8(g: Graph, x: Tensor, weights: Tensor, scales: Tensor): Tensor {
  const [k, n] = weights.shape;
  const last = x.shape.length - 1;
  if (weights.type !== 'int8' || weights.shape.length !== 2 || x.shape[last] !== k || scales.shape[0] !== n) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `cannot multiply [${x.shape.join(', ')}] by ${weights.type} [${weights.shape.join(', ')}] with scales [${scales.shape.join(', ')}]`,
    );
  }
  const rowShape = [...x.shape.slice(0, -1), 1];
  const [size] = g.node('Abs', [x], [{ type: 'float32', shape: x.shape }]);
  const [widest] = g.node('ReduceMax', [size!], [{ type: 'float32', shape: rowShape }], {
    axes: [last],
    keepdims: 1,
  });
  const [largest] = g.node('Max', [widest!, g.scalar(SMALLEST_ROW)], [{ type: 'float32', shape: rowShape }]);
  const rowScale = ops.mul(g, largest!, g.scalar(1 / MAX_ACTIVATION)); // [..., 1]
  const [steps] = g.node('Round', [ops.div(g, x, rowScale)], [{ type: 'float32', shape: x.shape }]);
  const whole = ops.cast(g, ops.add(g, steps!, g.scalar(ZERO_POINT)), 'uint8');
  const zeroPoint = g.constant(Uint8Array.of(ZERO_POINT), []);
  const [sums] = g.node(
    'MatMulInteger',
    [whole, weights, zeroPoint],
    [{ type: 'int32', shape: [...x.shape.slice(0, -1), n!] }],
  );
  return ops.mul(g, ops.mul(g, ops.cast(g, sums!, 'float32'), rowScale), scales);
}

/** Look up rows of a table that {@link quantiseRows} rounded: table [v, d], scales [v], ids [...] give [..., d] float32. */
export function gatherRowsInt8(g: Graph, table: Tensor, scales: Tensor, ids: Tensor): Tensor {
  const rows = ops.cast(g, ops.gatherRows(g, table, ids), 'float32');
  const scale = ops.unsqueeze(g, ops.gatherRows(g, scales, ids), [ids.shape.length]);
  return ops.mul(g, rows, scale);
}
