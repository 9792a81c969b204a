import type { Space } from '../../core/space.js';
import type { TagMatch } from './match-tags.js';
import { zeroCounts, type MatchCounts, type MatchKind, type TargetTag } from './name-matcher.js';

const QUANTILES = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1] as const;

/** Where one tag of the other data set went. */
export interface TransferredTag {
  readonly tag: string;
  /** Items that have it. */
  readonly uses: number;
  readonly kind: MatchKind;
  /** The tag it was mapped on; for kind `none` the nearest one, which was not taken; null where there is none. */
  readonly target: string | null;
  /** Cosine; null where the name alone decided, or nothing could be compared. */
  readonly similarity: number | null;
}

export interface SpaceTransfer {
  /** Tags of the cover set to map on. */
  readonly nTargets: number;
  readonly nTags: number;
  readonly nUses: number;
  readonly byKind: MatchCounts;
  /** Distinct tags of the cover set that something was mapped on. */
  readonly nTargetsUsed: number;
  /** Cosine to the nearest tag at each share of the tags that no name decided, `near` and `none`; by share. */
  readonly similarityQuantiles: readonly { readonly share: number; readonly similarity: number }[];
  /** Every tag: those of most uses first, then in the order of the data set. */
  readonly tags: readonly TransferredTag[];
}

/** Sum up what became of the tags of one space. */
export function reportTransfer(
  uses: ReadonlyMap<string, number>,
  matches: ReadonlyMap<string, TagMatch>,
  targets: readonly TargetTag[],
): SpaceTransfer {
  const byKind = zeroCounts();
  const used = new Set<number>();
  const tags: TransferredTag[] = [];
  let nUses = 0;
  for (const [tag, n] of uses) {
    const { kind, place, similarity, refused } = matches.get(tag)!;
    byKind[kind].nTags++;
    byKind[kind].nUses += n;
    nUses += n;
    if (place >= 0) used.add(place);
    const target = targets[kind === 'none' ? refused : place]?.tag ?? null;
    tags.push({ tag, uses: n, kind, target, similarity });
  }
  tags.sort((a, b) => b.uses - a.uses);
  const similarities = tags.flatMap(({ similarity }) => (similarity === null ? [] : [similarity]));
  return {
    nTargets: targets.length,
    nTags: uses.size,
    nUses,
    byKind,
    nTargetsUsed: used.size,
    similarityQuantiles: quantiles(similarities),
    tags,
  };
}

// Linear between neighbours, as numpy's default.
function quantiles(values: readonly number[]): SpaceTransfer['similarityQuantiles'] {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return [];
  return QUANTILES.map((share) => {
    const at = share * (sorted.length - 1);
    const below = sorted[Math.floor(at)]!;
    return { share, similarity: below + (at % 1) * (sorted[Math.ceil(at)]! - below) };
  });
}

/** The tags of both spaces as lines of JSON, for `--report`. */
export function* transferLines(spaces: Readonly<Partial<Record<Space, SpaceTransfer>>>): Generator<string> {
  for (const [space, { tags }] of Object.entries(spaces)) {
    for (const tag of tags) yield JSON.stringify({ space, ...tag });
  }
}
