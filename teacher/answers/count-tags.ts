import { SPACES, type Space } from '../../src/core/space.js';
import type { ItemTagRow } from '../../src/dataset/rows.js';
import { mergeTags, normaliseTag } from '../../src/tags/index.js';

/** How many tags there are in a space: as given, after normalising, and after merging spellings. */
export interface TagSpaceCounts {
  /** Pairs of item and tag. */
  readonly nUses: number;
  readonly nRaw: number;
  readonly nNormalised: number;
  readonly nCanonical: number;
}

/** Counts the tags of items as their rows pass by; memory holds the distinct tags. */
export class TagCounter {
  private readonly uses: Readonly<Record<Space, Map<string, number>>> = { item: new Map(), user: new Map() };

  add({ space, tag_raw }: Pick<ItemTagRow, 'space' | 'tag_raw'>): void {
    this.uses[space].set(tag_raw, (this.uses[space].get(tag_raw) ?? 0) + 1);
  }

  /** Give the counts of the spaces in which any item has a tag. */
  counts(): Partial<Record<Space, TagSpaceCounts>> {
    const counts: Partial<Record<Space, TagSpaceCounts>> = {};
    for (const space of SPACES) {
      const uses = this.uses[space];
      if (uses.size === 0) continue;
      let nUses = 0;
      for (const count of uses.values()) nUses += count;
      counts[space] = {
        nUses,
        nRaw: uses.size,
        nNormalised: new Set(Array.from(uses.keys(), normaliseTag)).size,
        nCanonical: new Set(mergeTags(uses).canonicalOf.values()).size,
      };
    }
    return counts;
  }
}
