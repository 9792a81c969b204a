import { TagdistillError } from '../../core/errors.js';
import type { Space } from '../../core/space.js';
import { byCodePoint } from '../code-point-order.js';
import { canonicalNames, freezeAliases, type AliasTable } from './alias-table.js';
import type { Decisions } from './decisions.js';
import { KindGuard } from './kind-guard.js';
import { nearEarlier, nearWords } from './near-tags.js';
import type { NearMiss, SemanticAliases } from './semantic-aliases.js';
import { TagUnits } from './tag-units.js';

/** The least cosine at which tags may count as one, by default; chosen on the pairs of bench/tags/merges. */
export const MERGE_THRESHOLD = 0.65;

export interface MergeSemanticOptions {
  readonly space: Space;
  /** The vector of a tag, of length 1, or zeros. */
  readonly vectorOf: (tag: string) => Float32Array;
  /** Least cosine at which two tags may count as one. */
  readonly threshold?: number;
  /** Least cosine at which two words of tags may stand for one another. */
  readonly wordThreshold?: number;
  /** Pairs at most this far below the threshold are listed as near misses. */
  readonly margin?: number;
  readonly decisions?: Decisions;
  /** Compare only so many tags, the most used; the others stay as they are. Time grows with its square. */
  readonly maxTags?: number;
  /** Leave out the guard against merging what differs in kind: a baseline, for measuring. */
  readonly isGuarded?: boolean;
}

/**
 * Merge tags that mean the same, on top of a table of spellings.
 *
 * Tags come in order of use, ties in code point order. A tag joins the nearest one before it that stands for itself,
 * is at least `threshold` near and does not differ in kind; so each alias is near its canonical tag and chains do not
 * drift. Merging what was merged changes nothing, and the order of `counts` does not matter. Decisions come first.
 *
 * @param table spellings, as from mergeTags
 * @param counts raw tag to number of uses
 * @throws TagdistillError `E_BAD_OPTION` if a threshold is outside [-1, 1]; `E_BAD_ROW` if decisions contradict one
 *   another through spellings
 */
export function mergeSemantic(
  table: AliasTable,
  counts: ReadonlyMap<string, number>,
  {
    space,
    vectorOf,
    threshold = MERGE_THRESHOLD,
    wordThreshold = 0.85,
    margin = 0.05,
    decisions,
    maxTags = 30_000,
    isGuarded = true,
  }: MergeSemanticOptions,
): SemanticAliases {
  for (const [name, value] of Object.entries({ threshold, wordThreshold })) {
    if (value >= -1 && value <= 1) continue;
    throw new TagdistillError('E_BAD_OPTION', `${name} is ${value}`, { hint: 'Give a cosine, e.g. 0.65.' });
  }
  const units = new TagUnits(table, counts, { space, decisions });
  const compared = units.leaders().slice(0, maxTags);
  const names = compared.map(({ name }) => name);
  const candidates = nearEarlier(names, { vectorOf, floor: threshold - margin });
  const guard = new KindGuard({ space, areNear: nearWords(vectorOf, wordThreshold) });
  const missed: NearMiss[] = [];
  compared.forEach((unit, place) => {
    for (const { to, similarity } of candidates.get(place) ?? []) {
      const leader = compared[to]!;
      if (leader.leader !== leader) continue;
      const [a, b] = [names[to]!, names[place]!];
      const difference = isGuarded ? guard.difference(a, b) : null;
      const isNear = similarity >= threshold;
      const obstacle = units.areApart(leader, unit) ? 'decision' : difference;
      if (isNear && obstacle === null) {
        units.join(unit, leader, 'semantic', similarity);
        return;
      }
      if (isNear || obstacle === null) missed.push({ a, b, similarity, because: obstacle ?? 'cosine' });
    }
  });
  const aliases = units.aliases();
  return {
    ...freezeAliases(canonicalNames(aliases)),
    aliases,
    merges: units.merges(),
    nearMisses: missed.sort(
      (x, y) => y.similarity - x.similarity || byCodePoint(x.a, y.a) || byCodePoint(x.b, y.b),
    ),
    nCompared: compared.length,
    nUnusedDecisions: units.nUnused,
  };
}
