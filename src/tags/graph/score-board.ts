import type { WeightedTags } from './weighted-tags.js';

/** Adds up scores of few among many tags; what it holds is as long as the tags, what a use costs is not. */
export class ScoreBoard {
  /** shape [nTags], all zero between uses */
  private readonly scores: Float64Array;
  /** shape [nTags], edges that arrived, all zero between uses */
  private readonly arrivals: Uint32Array;
  /** shape [nTags], the first `nTouched` are tags with an arrival */
  private readonly touched: Uint32Array;
  private nTouched = 0;
  private readonly heap: Uint32Array;

  constructor(nTags: number) {
    this.scores = new Float64Array(nTags);
    this.arrivals = new Uint32Array(nTags);
    this.touched = new Uint32Array(nTags);
    this.heap = new Uint32Array(nTags);
  }

  add(tag: number, score: number): void {
    if (this.arrivals[tag]!++ === 0) this.touched[this.nTouched++] = tag;
    this.scores[tag]! += score;
  }

  /**
   * Take the best `keep` tags, best first, their weights adding up to 1, and clear the board.
   *
   * @param isHard rank by arrivals, then score, and weigh all alike; else by score
   * @param without shape [nTags], 1 for a tag to leave out
   */
  take(keep: number, isHard: boolean, without?: Uint8Array): WeightedTags {
    const n = this.select(keep, isHard, without);
    const ids = new Uint32Array(n);
    const weights = new Float64Array(n);
    let total = 0;
    for (let size = n; size > 0; size--) {
      const tag = this.heap[0]!;
      ids[size - 1] = tag;
      total += weights[size - 1] = isHard ? 1 : this.scores[tag]!;
      this.heap[0] = this.heap[size - 1]!;
      this.siftDown(size - 1, isHard);
    }
    for (let i = 0; i < n; i++) weights[i]! /= total;
    this.clear();
    return { ids, weights };
  }

  /** Bring the best tags into the heap, the worst of them at the root; gives their number. */
  private select(keep: number, isHard: boolean, without: Uint8Array | undefined): number {
    let size = 0;
    for (let i = 0; i < this.nTouched; i++) {
      const tag = this.touched[i]!;
      if (without?.[tag] === 1) continue;
      if (size < keep) {
        this.heap[size] = tag;
        this.siftUp(size++, isHard);
      } else if (this.precedes(tag, this.heap[0]!, isHard)) {
        this.heap[0] = tag;
        this.siftDown(size, isHard);
      }
    }
    return size;
  }

  private clear(): void {
    for (let i = 0; i < this.nTouched; i++) {
      const tag = this.touched[i]!;
      this.scores[tag] = 0;
      this.arrivals[tag] = 0;
    }
    this.nTouched = 0;
  }

  private siftUp(from: number, isHard: boolean): void {
    const { heap } = this;
    for (let child = from; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.precedes(heap[parent]!, heap[child]!, isHard)) return;
      const tag = heap[parent]!;
      heap[parent] = heap[child]!;
      heap[child] = tag;
      child = parent;
    }
  }

  private siftDown(size: number, isHard: boolean): void {
    const { heap } = this;
    for (let parent = 0; ;) {
      let worst = parent;
      const left = 2 * parent + 1;
      if (left < size && this.precedes(heap[worst]!, heap[left]!, isHard)) worst = left;
      if (left + 1 < size && this.precedes(heap[worst]!, heap[left + 1]!, isHard)) worst = left + 1;
      if (worst === parent) return;
      const tag = heap[parent]!;
      heap[parent] = heap[worst]!;
      heap[worst] = tag;
      parent = worst;
    }
  }

  private precedes(a: number, b: number, isHard: boolean): boolean {
    if (isHard && this.arrivals[a] !== this.arrivals[b]) return this.arrivals[a]! > this.arrivals[b]!;
    return this.scores[a] === this.scores[b] ? a < b : this.scores[a]! > this.scores[b]!;
  }
}
