import { SPACES } from '../../src/core/space.js';
import { normaliseTag } from '../../src/tags/index.js';
import type { Answer } from '../answers/collect.js';

/**
 * Mean pairwise Jaccard similarity of the answers' normalised tags, a space, averaged over the spaces in which any
 * answer has a tag: 1 where all samples name the same tags. NaN for fewer than two answers.
 *
 * @see Jaccard 1901
 */
export function agreement(answers: readonly Answer[]): number {
  if (answers.length < 2) return NaN;
  const bySpace = SPACES.flatMap((space) => {
    const sets = answers.map(({ tags }) => new Set((tags[space] ?? []).map(({ raw }) => normaliseTag(raw))));
    return sets.every(({ size }) => size === 0) ? [] : [meanPairwise(sets)];
  });
  return bySpace.reduce((sum, value) => sum + value, 0) / bySpace.length;
}

function meanPairwise(sets: readonly ReadonlySet<string>[]): number {
  let sum = 0;
  let nPairs = 0;
  for (const [i, a] of sets.entries()) {
    for (const b of sets.slice(i + 1)) {
      sum += jaccard(a, b);
      nPairs++;
    }
  }
  return sum / nPairs;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let nShared = 0;
  for (const value of a) if (b.has(value)) nShared++;
  const nAll = a.size + b.size - nShared;
  return nAll === 0 ? 1 : nShared / nAll;
}
