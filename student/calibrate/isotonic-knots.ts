import { sigmoid, type Calibration } from '../../src/bundle/calibration.js';
import { isotonicBlocks } from './isotonic.js';
import type { Curve } from './platt.js';

/** No knot rests on fewer predictions: the value of a smaller block is mostly chance. */
const MIN_BLOCK = 50;
/** Predictions of the logistic curve that join each block, so that none is 0 or 1. */
const PRIOR = 2;

/**
 * Bend a logistic curve to the shares observed: isotonic regression, as knots from logit to log-odds.
 *
 * A knot stands at the mean logit of a block. Between knots the map is linear and rises, past them it goes on along
 * the curve, so that distinct logits keep their order. Fewer than two knots bend nothing: none comes back.
 *
 * @param logits shape [n]
 * @param named shape [n], 1 where the teacher named the tag, else 0
 */
export function isotonicKnots(
  logits: ArrayLike<number>,
  named: ArrayLike<number>,
  { scale, shift }: Curve,
): Calibration['knots'] {
  const groups = sortedGroups(logits, named);
  const pooled = mergeSmall(
    isotonicBlocks(
      groups.map(({ sum, n }) => sum / n),
      groups.map(({ n }) => n),
    ).map(({ start, end }) => total(groups.slice(start, end))),
  );
  const smoothed = pooled.map((group) => {
    const expected = sigmoid((scale * group.sumLogit) / group.n + shift);
    return { ...group, sum: group.sum + PRIOR * expected, n: group.n + PRIOR, nSeen: group.n };
  });
  // The prior pulls small blocks more than large ones, which may turn neighbours round: pool once more.
  const knots: [number, number][] = [];
  for (const { start, end, value } of isotonicBlocks(
    smoothed.map(({ sum, n }) => sum / n),
    smoothed.map(({ n }) => n),
  )) {
    const members = smoothed.slice(start, end);
    const nSeen = members.reduce((sum, { nSeen: n }) => sum + n, 0);
    const logit = members.reduce((sum, { sumLogit }) => sum + sumLogit, 0) / nSeen;
    const before = knots.at(-1);
    const logOdds = Math.log(value / (1 - value));
    if (before === undefined || (logit > before[0] && logOdds > before[1])) knots.push([logit, logOdds]);
  }
  return knots.length < 2 ? [] : knots;
}

interface Group {
  readonly n: number;
  readonly sum: number;
  readonly sumLogit: number;
}

/** Predictions by rising logit; equal logits form one group, as no map can tell them apart. */
function sortedGroups(logits: ArrayLike<number>, named: ArrayLike<number>): Group[] {
  const order = Uint32Array.from({ length: logits.length }, (_, i) => i).sort(
    (a, b) => logits[a]! - logits[b]!,
  );
  const groups: { n: number; sum: number; sumLogit: number }[] = [];
  let last = NaN;
  for (const i of order) {
    const logit = logits[i]!;
    if (logit !== last) groups.push({ n: 0, sum: 0, sumLogit: 0 });
    last = logit;
    const group = groups.at(-1)!;
    group.n++;
    group.sum += named[i]!;
    group.sumLogit += logit;
  }
  return groups;
}

/** Join each group that is too small with the next one; a small rest joins the group before it. */
function mergeSmall(groups: readonly Group[]): Group[] {
  const merged: Group[] = [];
  for (const group of groups) {
    const before = merged.at(-1);
    if (before !== undefined && before.n < MIN_BLOCK) merged[merged.length - 1] = total([before, group]);
    else merged.push(group);
  }
  const last = merged.at(-1);
  if (last !== undefined && last.n < MIN_BLOCK && merged.length > 1) {
    merged.splice(-2, 2, total(merged.slice(-2)));
  }
  return merged;
}

function total(groups: readonly Group[]): Group {
  let [n, sum, sumLogit] = [0, 0, 0];
  for (const group of groups) {
    n += group.n;
    sum += group.sum;
    sumLogit += group.sumLogit;
  }
  return { n, sum, sumLogit };
}
