import type { Space } from '../../../src/core/space.js';

/** Two tags of the books, and whether one tag would do for both, as judged by hand. */
export interface JudgedPair {
  readonly space: Space;
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
  /** Thresholds are chosen on one half; figures come from the other. */
  readonly part: 'choose' | 'test';
}

export interface PairScore {
  readonly name: string;
  readonly threshold: number | null;
  readonly nPairs: number;
  readonly precision: Share;
  readonly recall: Share;
  readonly f1: number;
}

/** A share with its 95 % interval. */
export interface Share {
  readonly n: number;
  readonly of: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Hold what a rule merges against the judgement. */
export function score(
  name: string,
  threshold: number | null,
  pairs: readonly JudgedPair[],
  isMerged: (pair: JudgedPair) => boolean,
): PairScore {
  const merged = pairs.filter(isMerged);
  const right = merged.filter(({ same }) => same).length;
  const nSame = pairs.filter(({ same }) => same).length;
  return {
    name,
    threshold,
    nPairs: pairs.length,
    precision: wilson(right, merged.length),
    recall: wilson(right, nSame),
    f1: (2 * right) / (merged.length + nSame),
  };
}

/** Wilson's interval of a share; the whole of [0, 1] where nothing was counted. */
function wilson(n: number, of: number): Share {
  if (of === 0) return { n, of, value: NaN, low: 0, high: 1 };
  const z = 1.96;
  const value = n / of;
  const centre = (value + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return { n, of, value, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Write a score as a row of a Markdown table. */
export function scoreRow({ name, threshold, precision, recall, f1 }: PairScore): string {
  return `| ${name} | ${threshold === null ? '-' : threshold.toFixed(3)} | ${show(precision)} | ${show(recall)} | ${f1.toFixed(2)} |`;
}

function show({ n, of, value, low, high }: Share): string {
  return `${Number.isNaN(value) ? '-' : value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}] (${n}/${of})`;
}
