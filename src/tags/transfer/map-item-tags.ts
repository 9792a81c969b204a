import type { Space } from '../../core/space.js';
import type { ItemTagRow } from '../../dataset/rows.js';
import { normaliseTag } from '../normalise.js';

/** A tag of the cover set, and how sure it is that the given tag means it. */
export interface MappedTag {
  readonly tag: string;
  /** 1 where the name decided, else the cosine. */
  readonly share: number;
}

/**
 * Map the tags of one item: what finds no target is left out, what meets at one target becomes one row.
 *
 * Strength, or 1 where none was given, is multiplied by the share where that is below 1; of rows that meet, the
 * strongest gives rank and strength, votes are the most of any, call keys are united. Ranks are counted anew from 0.
 */
export function mapItemTags(
  rows: readonly ItemTagRow[],
  mapped: (space: Space, tag: string) => MappedTag | undefined,
): ItemTagRow[] {
  const kept = new Map<string, ItemTagRow>();
  for (const row of [...rows].sort((a, b) => a.rank - b.rank)) {
    const target = mapped(row.space, row.tag_raw);
    if (target === undefined) continue;
    const score = target.share === 1 ? row.score : (row.score ?? 1) * target.share;
    const moved = { ...row, tag_raw: target.tag, tag: normaliseTag(target.tag), score };
    const key = `${row.space}:${target.tag}`;
    const before = kept.get(key);
    kept.set(key, before === undefined ? moved : unite(before, moved));
  }
  const nextRank: Record<Space, number> = { item: 0, user: 0 };
  return [...kept.values()].map((row) => ({ ...row, rank: nextRank[row.space]++ }));
}

// `a` stands above `b` in the list.
function unite(a: ItemTagRow, b: ItemTagRow): ItemTagRow {
  const strength = ({ score }: ItemTagRow): number => score ?? 1;
  const best = strength(b) > strength(a) ? b : a;
  return {
    ...best,
    votes: Math.max(a.votes, b.votes),
    samples: Math.max(a.samples, b.samples),
    call_keys: [...new Set([...a.call_keys, ...b.call_keys])],
  };
}
