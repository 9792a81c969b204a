/** What a {@link LazyMaxQueue} asks of its owner. */
export interface LazyMaxQueueOptions {
  /** The gain of a column now; it never rises while the queue lives. */
  readonly gainOf: (column: number) => number;
  /** shape [nColumns], a column's place among equals; lower goes first */
  readonly place: Uint32Array;
}

/**
 * Hands out columns by current gain. Gains only fall, so a heap of old gains bounds them from above: an entry is
 * brought up to date only when it reaches the root.
 *
 * @see Minoux 1978, accelerated greedy algorithms for maximizing submodular set functions
 */
export class LazyMaxQueue {
  private readonly known: Float64Array; // gain at which a column stands in the heap
  private size: number;

  /** @param heap the columns to hand out; used as the heap's memory */
  constructor(
    private readonly heap: Uint32Array,
    private readonly options: LazyMaxQueueOptions,
  ) {
    this.known = new Float64Array(options.place.length);
    for (const column of heap) this.known[column] = options.gainOf(column);
    this.size = heap.length;
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.siftDown(i);
  }

  /** Take the column of the largest gain out; undefined once every gain is 0. */
  next(): number | undefined {
    while (this.size > 0) {
      const column = this.heap[0]!;
      const gain = this.options.gainOf(column);
      if (gain > 0 && gain < this.known[column]!) {
        this.known[column] = gain;
        this.siftDown(0);
        continue;
      }
      this.heap[0] = this.heap[--this.size]!;
      this.siftDown(0);
      if (gain > 0) return column;
    }
    return undefined;
  }

  private siftDown(from: number): void {
    const { heap, size } = this;
    const moved = heap[from]!;
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && this.precedes(heap[child + 1]!, heap[child]!)) child++;
      if (!this.precedes(heap[child]!, moved)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = moved;
  }

  private precedes(a: number, b: number): boolean {
    const [gainA, gainB] = [this.known[a]!, this.known[b]!];
    return gainA > gainB || (gainA === gainB && this.options.place[a]! < this.options.place[b]!);
  }
}
