import { TagdistillError } from '../../core/errors.js';
import { matchNames, type CanonicalNames, type MatchKind, type TargetTag } from './name-matcher.js';
import { nearestTargets, type NearestOptions } from './nearest-targets.js';

/** Where a tag went. */
export interface TagMatch {
  readonly kind: MatchKind;
  /** Place of the target; -1 for kind `none` */
  readonly place: number;
  /** Cosine to the target for kind `near`, to the nearest one that was not taken for `none`; else null. */
  readonly similarity: number | null;
  /** Place of the nearest target where none was taken, too far or not fit to stand for the tag; else -1. */
  readonly refused: number;
}

export interface MatchTagsOptions {
  readonly aliases?: CanonicalNames;
  /** By default only names count. */
  readonly near?: NearestOptions;
}

/**
 * Map tags on targets: by name first, then, if asked, on the nearest target at or above a cosine.
 *
 * @returns a match for each distinct tag
 * @throws TagdistillError `E_BAD_OPTION` for a threshold outside [-1, 1]; what {@link nearestTargets} throws
 */
export async function matchTags(
  tags: Iterable<string>,
  targets: readonly TargetTag[],
  { aliases, near }: MatchTagsOptions = {},
): Promise<Map<string, TagMatch>> {
  if (near !== undefined && !(near.threshold >= -1 && near.threshold <= 1)) {
    throw new TagdistillError('E_BAD_OPTION', `the threshold is ${near.threshold}`, {
      hint: 'Give a cosine from -1 to 1.',
    });
  }
  const distinct = [...new Set(tags)];
  const named = matchNames(distinct, targets, aliases === undefined ? {} : { aliases });
  const rest = distinct.filter((tag) => !named.has(tag));
  const nearest =
    near === undefined
      ? undefined
      : await nearestTargets(
          rest,
          targets.map(({ tag }) => tag),
          near,
        );
  const matches = new Map<string, TagMatch>();
  for (const [tag, match] of named) matches.set(tag, { ...match, similarity: null, refused: -1 });
  for (const [i, tag] of rest.entries()) {
    const place = nearest?.fitting[i] ?? -1;
    if (nearest !== undefined && place >= 0) {
      matches.set(tag, { kind: 'near', place, similarity: nearest.fittingSimilarities[i]!, refused: -1 });
      continue;
    }
    const similarity = nearest?.similarities[i] ?? NaN;
    matches.set(tag, {
      kind: 'none',
      place: -1,
      similarity: Number.isNaN(similarity) ? null : similarity,
      refused: nearest?.places[i] ?? -1,
    });
  }
  return matches;
}
