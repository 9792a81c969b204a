import type { TagScore } from '../runtime/scores.js';

/** Precision and recall when every tag with at least this score is shown. */
export interface CurvePoint {
  readonly threshold: number;
  /** Tags shown over all items. */
  readonly nShown: number;
  readonly precision: number;
  readonly recall: number;
}

const N_BINS = 100;

/** Collects predictions by score, for a precision-recall curve over thresholds; memory does not grow with items. */
export class ThresholdCurve {
  private readonly shown = new Float64Array(N_BINS); // [bin]
  private readonly hits = new Float64Array(N_BINS); // [bin]
  private nLabels = 0;

  add(scores: readonly TagScore[], truth: ReadonlySet<string>): void {
    if (truth.size === 0) return;
    this.nLabels += truth.size;
    for (const { tag, score } of scores) {
      const bin = binOf(score);
      this.shown[bin]!++;
      if (truth.has(tag)) this.hits[bin]!++;
    }
  }

  /** Points from the highest threshold that shows anything to 0. Recall counts every label of the items. */
  points(): CurvePoint[] {
    const points: CurvePoint[] = [];
    let [shown, hits] = [0, 0];
    for (let bin = N_BINS - 1; bin >= 0; bin--) {
      shown += this.shown[bin]!;
      hits += this.hits[bin]!;
      if (this.shown[bin]! > 0) {
        points.push({
          threshold: bin / N_BINS,
          nShown: shown,
          precision: hits / shown,
          recall: hits / this.nLabels,
        });
      }
    }
    return points;
  }
}

function binOf(score: number): number {
  const bin = Math.min(N_BINS - 1, Math.floor(score * N_BINS));
  // The product rounds: 0.29 * 100 is below 29, though 0.29 is the threshold 29 / 100.
  return bin < N_BINS - 1 && score >= (bin + 1) / N_BINS ? bin + 1 : bin;
}
