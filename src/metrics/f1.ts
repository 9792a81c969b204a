import type { Truth } from './truth.js';

interface Counts {
  hit: number;
  predicted: number;
  named: number;
}

/**
 * Counts hits and misses label by label over items, for micro and macro F1.
 *
 * F1 = 2 hits / (predicted + true) = the harmonic mean of precision and recall. Items without labels
 * are left out, as everywhere here. Memory grows with the number of distinct labels, not of items.
 *
 * @see Manning, Raghavan & Schütze 2008, section 13.6; `f1_score` of scikit-learn with `zero_division=0`
 */
export class F1Counts<T> {
  nItems = 0;
  nWithoutLabels = 0;
  private readonly byLabel = new Map<T, Counts>();

  /**
   * Count one item.
   *
   * @param predicted the labels decided on, e.g. all above a threshold; order and repeats do not count
   * @param truth all labels of the item; gains do not count
   */
  add(predicted: Iterable<T>, truth: Truth<T>): void {
    if (truth.size === 0) {
      this.nWithoutLabels++;
      return;
    }
    this.nItems++;
    for (const label of truth.keys()) this.countsOf(label).named++;
    for (const label of new Set(predicted)) {
      const counts = this.countsOf(label);
      counts.predicted++;
      if (truth.has(label)) counts.hit++;
    }
  }

  /** F1 of all (item, label) decisions pooled, so frequent labels dominate; NaN before the first item. */
  micro(): number {
    const all: Counts = { hit: 0, predicted: 0, named: 0 };
    for (const { hit, predicted, named } of this.byLabel.values()) {
      all.hit += hit;
      all.predicted += predicted;
      all.named += named;
    }
    return f1(all);
  }

  /**
   * Unweighted mean of the labels' F1, so each label weighs the same.
   *
   * It goes over the labels that were true or predicted at least once, or over `labels` where given:
   * of these, one that was neither counts as 0. NaN when there are none.
   */
  macro({ labels = this.byLabel.keys() }: { readonly labels?: Iterable<T> } = {}): number {
    let sum = 0;
    let n = 0;
    for (const label of labels) {
      const counts = this.byLabel.get(label);
      if (counts !== undefined) sum += f1(counts);
      n++;
    }
    return sum / n;
  }

  private countsOf(label: T): Counts {
    let counts = this.byLabel.get(label);
    if (counts === undefined) {
      counts = { hit: 0, predicted: 0, named: 0 };
      this.byLabel.set(label, counts);
    }
    return counts;
  }
}

function f1({ hit, predicted, named }: Counts): number {
  return (2 * hit) / (predicted + named);
}
