import { checkK } from './check-k.js';

/** Counts how often each label stands in the top k of ranked lists, for coverage and inequality. */
export class Exposure<T> {
  /** Labels that were shown at least once, with in how many lists. */
  readonly counts = new Map<T, number>();
  /** How many lists show more than i distinct labels; shape [longest list, at most k]. */
  readonly listsLongerThan: number[] = [];
  private readonly k: number;

  /** @throws TagdistillError `E_BAD_K` if `k` is not a positive integer */
  constructor({ k = 10 }: { readonly k?: number } = {}) {
    checkK(k);
    this.k = k;
  }

  /** Count the first k places of one list; a repeated label counts once. */
  add(ranking: readonly T[]): void {
    const shown = new Set(ranking.slice(0, this.k));
    for (const label of shown) this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    for (let i = 0; i < shown.size; i++) this.listsLongerThan[i] = (this.listsLongerThan[i] ?? 0) + 1;
  }
}
