import type { TagScore } from '../runtime/scores.js';

/** How well tags of like frequency are found. */
export interface FrequencyPoint {
  /** Training items that have the tag, from and to (inclusive; null is no bound). */
  readonly from: number;
  readonly to: number | null;
  readonly nLabelUses: number;
  /** Share of these label uses among the best 10 of their item. */
  readonly recall: number;
}

const STARTS = [0, 1, 2, 3, 5, 10, 20, 50] as const;
const TOP = 10;

/** Counts label uses and hits by how often training saw the tag. */
export class FrequencyCurve {
  private readonly uses = new Float64Array(STARTS.length); // [bin]
  private readonly hits = new Float64Array(STARTS.length); // [bin]

  add(scores: readonly TagScore[], truth: ReadonlySet<string>, countOf: (tag: string) => number): void {
    const best = new Set(scores.slice(0, TOP).map(({ tag }) => tag));
    for (const tag of truth) {
      const count = countOf(tag);
      const bin = STARTS.findLastIndex((start) => count >= start);
      this.uses[bin]!++;
      if (best.has(tag)) this.hits[bin]!++;
    }
  }

  /** One point a bin, rare tags first; recall is NaN where no label falls in. */
  points(): FrequencyPoint[] {
    return STARTS.map((from, bin) => ({
      from,
      to: bin + 1 < STARTS.length ? STARTS[bin + 1]! - 1 : null,
      nLabelUses: this.uses[bin]!,
      recall: this.hits[bin]! / this.uses[bin]!,
    }));
  }
}
