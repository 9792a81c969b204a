import { SPACES, type Space } from '../../core/space.js';
import type { CoverState } from './cover-state.js';
import { windowOf } from './day-of-tags.js';

/** A space's live tags over the items of its window. */
export interface SpaceBalance {
  readonly nTags: number;
  readonly nItems: number;
  /** Share of the items that have a live tag; NaN without items. */
  readonly recall: number;
  /** Live tags an item; NaN without items. */
  readonly meanTagsPerItem: number;
  /** Gini index of the live tags' uses: 0 where all are used alike, near 1 where few take all. NaN without uses. */
  readonly gini: number;
}

/** How alike the two spaces are: the method wants both small, and neither much poorer than the other. */
export interface SymmetryReport {
  readonly spaces: Readonly<Partial<Record<Space, SpaceBalance>>>;
  /** Live tags that stand in both spaces, as strings; ids keep them apart by space. */
  readonly nShared: number;
}

export function symmetryOf(
  spaces: Readonly<Partial<Record<Space, { readonly cover: CoverState }>>>,
): SymmetryReport {
  const balances: Partial<Record<Space, SpaceBalance>> = {};
  for (const space of SPACES) {
    if (spaces[space]) balances[space] = balanceOf(spaces[space].cover);
  }
  const items = new Set(liveNames(spaces.item?.cover));
  return { spaces: balances, nShared: liveNames(spaces.user?.cover).filter((tag) => items.has(tag)).length };
}

function balanceOf(cover: CoverState): SpaceBalance {
  const { columnOf, rows } = windowOf(cover.days);
  const live = liveNames(cover);
  const isLive = new Uint8Array(rows.nColumns);
  for (const tag of live) {
    const column = columnOf.get(tag);
    if (column !== undefined) isLive[column] = 1;
  }
  const uses = new Float64Array(rows.nColumns);
  let [nItems, nCovered, nUses] = [0, 0, 0];
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    const columns = new Set(rows.indices.subarray(rows.offsets[row], rows.offsets[row + 1]));
    if (columns.size === 0) continue;
    const before = nUses;
    for (const column of columns) {
      if (isLive[column] === 0) continue;
      uses[column]!++;
      nUses++;
    }
    nItems++;
    if (nUses > before) nCovered++;
  }
  return {
    nTags: live.length,
    nItems,
    recall: nCovered / nItems,
    meanTagsPerItem: nUses / nItems,
    gini: giniOf(
      uses.filter((_, column) => isLive[column] === 1),
      live.length,
    ),
  };
}

function liveNames(cover: CoverState | undefined): string[] {
  return (cover?.tags ?? []).filter(({ status }) => status === 'live').map(({ tag }) => tag);
}

/** @param uses those above 0 of n tags, and any 0 */
function giniOf(uses: Float64Array, n: number): number {
  const rising = uses.toSorted();
  let [weighted, total] = [0, 0];
  rising.forEach((count, i) => {
    weighted += (2 * (n - rising.length + i + 1) - n - 1) * count;
    total += count;
  });
  return weighted / (n * total);
}
