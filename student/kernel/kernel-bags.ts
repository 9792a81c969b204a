import { TagdistillError } from '../../src/core/errors.js';
import { bytesOf, type Kernel } from './kernel.js';

export interface KernelBagsSize {
  readonly maxBags: number;
  /** Ids in all bags of a batch together. */
  readonly maxIds: number;
}

/** A batch of bags of weighted ids in a kernel's memory, filled anew for each step; ids may repeat. */
export class KernelBags {
  /** shape [maxBags + 1], where each bag's ids start; the ids end where the next bag's start */
  readonly offsets: Int32Array;
  /** shape [maxIds] */
  readonly ids: Int32Array;
  /** shape [maxIds] */
  readonly weights: Float32Array;
  private nBags = 0;

  constructor(
    kernel: Kernel,
    private readonly size: KernelBagsSize,
  ) {
    this.offsets = kernel.int32(size.maxBags + 1);
    this.ids = kernel.int32(size.maxIds);
    this.weights = kernel.float32(size.maxIds);
  }

  /** Bytes that a batch takes in a kernel. */
  static bytes({ maxBags, maxIds }: KernelBagsSize): number {
    return bytesOf(maxBags + 1, maxIds, maxIds);
  }

  get length(): number {
    return this.nBags;
  }

  clear(): void {
    this.nBags = 0;
  }

  /**
   * Add a bag.
   *
   * @throws TagdistillError `E_BAD_INPUT` if the batch has no room for it, or the lengths differ
   */
  push(ids: ArrayLike<number>, weights: ArrayLike<number>): void {
    const start = this.offsets[this.nBags]!;
    const { maxBags, maxIds } = this.size;
    if (this.nBags >= maxBags || start + ids.length > maxIds || ids.length !== weights.length) {
      throw new TagdistillError(
        'E_BAD_INPUT',
        `a bag of ${ids.length} ids and ${weights.length} weights does not fit: the batch holds ${this.nBags} of ${maxBags} bags and ${start} of ${maxIds} ids`,
      );
    }
    this.ids.set(ids, start);
    this.weights.set(weights, start);
    this.nBags++;
    this.offsets[this.nBags] = start + ids.length;
  }
}
