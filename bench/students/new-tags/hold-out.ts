import { unitHash } from '../../../src/core/hash.js';
import type { Space } from '../../../src/core/space.js';
import type { BenchItem, BenchSplit, BenchTag } from '../data/bench-split.js';
import { countUses, truthOf } from '../score-run.js';

/** Share of the tags that training does not see. */
export const HELD_OUT_SHARE = 0.1;

/** Draw a share of a space's training tags, in an order that says nothing of them: equal scores keep it. */
export function heldOutTags({ train }: BenchSplit, space: Space, seed: number): string[] {
  return [...countUses(train, space).keys()]
    .map((tag) => ({ tag, place: unitHash(`${seed}\n${space}\n${tag}`) }))
    .filter(({ place }) => place < HELD_OUT_SHARE)
    .sort((a, b) => a.place - b.place)
    .map(({ tag }) => tag);
}

/** Take tags out of the labels of items; an item may be left with none. */
export function withoutTags(
  items: readonly BenchItem[],
  heldOut: Readonly<Record<Space, ReadonlySet<string>>>,
): BenchItem[] {
  const kept = (tags: readonly BenchTag[], space: Space): BenchTag[] =>
    tags.filter(([tag]) => !heldOut[space].has(tag));
  return items.map((item) => ({
    ...item,
    item_tags: kept(item.item_tags, 'item'),
    ...(item.user_tags && { user_tags: kept(item.user_tags, 'user') }),
  }));
}

/** The held-out tags of a test item: what rankings of held-out tags are measured by. */
export function newTruth(item: BenchItem, space: Space, heldOut: ReadonlySet<string>): Set<string> {
  return new Set([...truthOf(item, space)].filter((tag) => heldOut.has(tag)));
}
