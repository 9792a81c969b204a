import { SPACES } from '../src/core/space.js';
import { EmbeddingTable, type RowRule } from './kernel/embedding-table.js';
import { KernelBags } from './kernel/kernel-bags.js';
import { bytesOf, Kernel, type AdamArrays, type AdamOptions } from './kernel/kernel.js';
import { denseShapes, type NetworkParameters, type NetworkShape } from './network.js';

export interface NetworkStateSize {
  readonly shape: NetworkShape;
  readonly batchSize: number;
  /** Features in all bags of a batch together, at most. */
  readonly maxIds: number;
  readonly rowRule: RowRule;
}

/** Parameters, optimiser state and the arrays of one batch, all in one kernel's memory. */
export class NetworkState {
  readonly table: EmbeddingTable;
  readonly bags: KernelBags;
  /** shape [batchSize, nDims] */
  readonly bagSums: Float32Array;
  /** shape [batchSize, nDims] */
  readonly dBagSums: Float32Array;
  /** shape [batchSize, nVectorDims] */
  readonly vectors: Float32Array;
  readonly dense: Readonly<Record<string, Float32Array>>;
  readonly dDense: Readonly<Record<string, Float32Array>>;
  private readonly adam: Readonly<Record<string, AdamArrays>>;

  private constructor(
    private readonly kernel: Kernel,
    { shape, batchSize, maxIds, rowRule }: NetworkStateSize,
  ) {
    const { nFeatures, nDims, nVectorDims } = shape;
    this.table = new EmbeddingTable(kernel, { nRows: nFeatures, nDims, maxIds, rule: rowRule });
    this.bags = new KernelBags(kernel, { maxBags: batchSize, maxIds });
    this.bagSums = kernel.float32(batchSize * nDims);
    this.dBagSums = kernel.float32(batchSize * nDims);
    this.vectors = kernel.float32(batchSize * nVectorDims);
    this.adam = Object.fromEntries(
      Object.entries(denseShapes(shape)).map(([name, dims]) => {
        const n = sizeOf(dims);
        const [values, gradient, mean, square] = Array.from({ length: 4 }, () => kernel.float32(n));
        return [name, { values: values!, gradient: gradient!, mean: mean!, square: square! }];
      }),
    );
    this.dense = mapValues(this.adam, ({ values }) => values);
    this.dDense = mapValues(this.adam, ({ gradient }) => gradient);
  }

  /** @throws TagdistillError `E_OUT_OF_MEMORY` if parameters and state need more than 4 GiB */
  static async create(size: NetworkStateSize): Promise<NetworkState> {
    return new NetworkState(await Kernel.create({ bytes: NetworkState.bytes(size) }), size);
  }

  static bytes({ shape, batchSize, maxIds, rowRule }: NetworkStateSize): number {
    const { nFeatures, nDims, nVectorDims } = shape;
    const sizes = Object.values(denseShapes(shape)).map(sizeOf);
    return (
      EmbeddingTable.bytes({ nRows: nFeatures, nDims, maxIds, rule: rowRule }) +
      KernelBags.bytes({ maxBags: batchSize, maxIds }) +
      bytesOf(batchSize * nDims, batchSize * nDims, batchSize * nVectorDims) +
      4 * bytesOf(...sizes)
    );
  }

  get parameters(): NetworkParameters {
    return { embedding: this.table.values, dense: this.dense };
  }

  /** Everything that training changes, by name, as views: what a checkpoint holds. */
  get arrays(): Record<string, Float32Array> {
    const arrays: Record<string, Float32Array> = {};
    for (const [part, values] of Object.entries(this.table.state)) arrays[`embedding/${part}`] = values;
    for (const [name, { values, mean, square }] of Object.entries(this.adam)) {
      Object.assign(arrays, {
        [`${name}/values`]: values,
        [`${name}/mean`]: mean,
        [`${name}/square`]: square,
      });
    }
    return arrays;
  }

  /** Apply the gradients of the last step: those of `dDense`, and of the bags' sums. */
  update(nRows: number, { rowRateScale, ...options }: AdamOptions & { readonly rowRateScale: number }): void {
    for (const [name, arrays] of Object.entries(this.adam)) {
      const decays = SPACES.some((space) => name === `${space}_head`);
      this.kernel.adam(arrays, decays ? options : { ...options, weightDecay: 0 });
    }
    const { nDims } = this;
    this.table.backward(this.bags, this.dBagSums.subarray(0, nRows * nDims));
    this.table.update({ ...options, learningRate: options.learningRate * rowRateScale });
  }

  private get nDims(): number {
    return this.dense['norm_scale']!.length;
  }
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

function mapValues<T, U>(of: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, map(value)]));
}
