import { TagdistillError } from '../../src/core/errors.js';
import type { KernelBags } from './kernel-bags.js';
import { adamFactors, bytesOf, type AdamOptions, type Kernel } from './kernel.js';

/** How touched rows learn: Adam for each number, or Adagrad with one sum a row, which takes a third of the memory. */
export type RowRule = 'adam' | 'adagrad';

export interface EmbeddingTableSize {
  readonly nRows: number;
  readonly nDims: number;
  /** Ids in all bags of a batch together: as many rows, at most, have a gradient. */
  readonly maxIds: number;
  readonly rule: RowRule;
}

/** Gradients of the rows that a batch uses, each row once; views that the next batch overwrites. */
export interface RowGradients {
  /** shape [nTouched], in the order in which the batch first names them */
  readonly rows: Int32Array;
  /** shape [nTouched, nDims] */
  readonly gradient: Float32Array;
}

/**
 * A trained table of which a step reads and updates only the rows that its bags name.
 *
 * An id that occurs many times in a batch gets the sum of its gradients and one update.
 */
export class EmbeddingTable {
  /** shape [nRows, nDims] */
  readonly values: Float32Array<ArrayBuffer>;
  private readonly nTouchable: number;
  private readonly slots: Int32Array; // [nRows], all 0 between calls
  private readonly touched: Int32Array; // [nTouchable]
  private readonly gradient: Float32Array; // [nTouchable, nDims]
  private readonly mean: Float32Array; // [nRows, nDims], or [0] for Adagrad
  private readonly square: Float32Array; // [nRows, nDims], or [nRows] for Adagrad
  private nTouched = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly size: EmbeddingTableSize,
  ) {
    const { nRows, nDims, maxIds, rule } = size;
    this.nTouchable = Math.min(nRows, maxIds);
    this.values = kernel.float32(nRows * nDims);
    this.slots = kernel.int32(nRows);
    this.touched = kernel.int32(this.nTouchable);
    this.gradient = kernel.float32(this.nTouchable * nDims);
    this.mean = kernel.float32(rule === 'adam' ? nRows * nDims : 0);
    this.square = kernel.float32(rule === 'adam' ? nRows * nDims : nRows);
  }

  /** All that training changes, e.g. to save it: the rows, and what the rule remembers of them. */
  get state(): Readonly<Record<'values' | 'mean' | 'square', Float32Array>> {
    return { values: this.values, mean: this.mean, square: this.square };
  }

  /** Bytes that a table with its state takes in a kernel. */
  static bytes({ nRows, nDims, maxIds, rule }: EmbeddingTableSize): number {
    const nTouchable = Math.min(nRows, maxIds);
    const state = rule === 'adam' ? [nRows * nDims, nRows * nDims] : [nRows];
    return bytesOf(nRows * nDims, nRows, nTouchable, nTouchable * nDims, ...state);
  }

  /**
   * Sum each bag's rows by weight into out, shape [nBags, nDims], in the kernel's memory.
   *
   * @throws TagdistillError `E_BAD_INPUT` if an id is no row, or `out` has another size
   */
  forward(bags: KernelBags, out: Float32Array): void {
    const { nRows, nDims } = this.size;
    const bad = this.kernel.functions.bagForward(
      this.values.byteOffset,
      nRows,
      nDims,
      ...this.pointersOf(bags),
      this.kernel.pointer(out, bags.length * nDims),
    );
    if (bad >= 0) throw this.noRow(bags, bad);
  }

  /**
   * Sum the gradients of the rows from that of the bags' sums, shape [nBags, nDims]; {@link update} then applies them.
   *
   * @throws TagdistillError `E_BAD_INPUT` if an id is no row, `dOut` has another size, or there are too many ids
   */
  backward(bags: KernelBags, dOut: Float32Array): RowGradients {
    const { nRows, nDims, maxIds } = this.size;
    const nIds = bags.offsets[bags.length]!;
    if (nIds > maxIds) {
      throw new TagdistillError('E_BAD_INPUT', `a batch has ${nIds} ids, the table was made for ${maxIds}`);
    }
    const found = this.kernel.functions.bagBackward(
      nRows,
      nDims,
      ...this.pointersOf(bags),
      this.kernel.pointer(dOut, bags.length * nDims),
      this.slots.byteOffset,
      this.touched.byteOffset,
      this.gradient.byteOffset,
    );
    this.nTouched = Math.max(found, 0);
    if (found < 0) throw this.noRow(bags, -1 - found);
    return {
      rows: this.touched.subarray(0, found),
      gradient: this.gradient.subarray(0, found * nDims),
    };
  }

  /**
   * Update the rows of the last {@link backward}.
   *
   * Adam: the state of other rows waits, the bias correction counts all steps. Adagrad: a row's step is
   * learningRate * gradient / (sqrt(sum over its updates of the mean squared gradient) + epsilon).
   *
   * @see Duchi, Hazan & Singer 2011
   */
  update(options: Omit<AdamOptions, 'weightDecay'>): void {
    const { functions } = this.kernel;
    const rows = [this.size.nDims, this.touched.byteOffset, this.gradient.byteOffset, this.nTouched];
    const square = this.square.byteOffset;
    if (this.size.rule === 'adagrad') {
      const { learningRate, epsilon = 1e-8 } = options;
      functions.adagradRows(this.values.byteOffset, square, ...rows, learningRate, epsilon);
    } else {
      const { rate, epsilon, newMean, newSquare } = adamFactors(options);
      const state = [this.values.byteOffset, this.mean.byteOffset, square];
      functions.adamRows(...state, ...rows, rate, epsilon, newMean, newSquare);
    }
    this.nTouched = 0;
  }

  private pointersOf({ offsets, ids, weights, length }: KernelBags): number[] {
    return [
      this.kernel.pointer(offsets, offsets.length),
      this.kernel.pointer(ids, ids.length),
      this.kernel.pointer(weights, weights.length),
      length,
    ];
  }

  private noRow(bags: KernelBags, at: number): TagdistillError {
    return new TagdistillError(
      'E_BAD_INPUT',
      `a bag names row ${bags.ids[at]}, the table has ${this.size.nRows} rows`,
    );
  }
}
