import type { SparseRows } from '../../core/sparse.js';
import { byCodePoint } from '../code-point-order.js';
import { checkCoverOptions, type CoverSetOptions } from './cover-options.js';
import { LazyMaxQueue } from './lazy-max-queue.js';
import { OpenItems } from './open-items.js';
import { CosineGuard, JaccardGuard, type OverlapGuard } from './overlap-guard.js';

/** A small set of columns that covers the rows. */
export interface CoverSet {
  /** Kept columns in the order given, then new ones in the order chosen. */
  readonly chosen: readonly CoverChoice[];
  /** Covered share of the items, or of their weight; NaN without items. At the depth asked for. */
  readonly recall: number;
  /** The recall of the kept columns alone. */
  readonly recallBefore: number;
  /** Rows with at least one tag; only they count. */
  readonly nItems: number;
  readonly nCovered: number;
  /** Columns that came up and lay too near to a chosen one. */
  readonly nBlocked: number;
}

export interface CoverChoice {
  readonly column: number;
  /** Items that have the tag. */
  readonly itemsCovered: number;
  /** Items that were not covered yet and have the tag, when it was chosen. */
  readonly marginalGain: number;
}

/**
 * Choose few tags that cover a share `tau` of the items, greedily: the tag of most uncovered weight comes next.
 *
 * Equal gains go by more items, then by code point order of the names, so runs repeat. Without `maxOverlap` and
 * `maxTags` it ends early only when every item is covered; a tag too near to a chosen one stays out for good. The
 * choice is that of the plain greedy; gains are counted down as items are covered, and a heap of old gains says which
 * column to look at. Memory: about 4 bytes a cell beside the rows, 30 a column, 8 an item.
 *
 * @param rows items by tags; values do not matter
 * @throws TagdistillError `E_BAD_OPTION` for a number out of its range, a column unknown, a list of another length
 * @see Yu et al. 2025 (TagCF), Algorithm 1; Nemhauser, Wolsey & Fisher 1978 for the bound 1 - 1/e
 */
export function lazyCover(rows: SparseRows, options: CoverSetOptions = {}): CoverSet {
  checkCoverOptions(rows, options);
  const { tau = 0.99, depth = 1, weights, maxTags = Infinity, minTags = 0, current = [] } = options;
  const items = new OpenItems(rows, depth, weights);
  const place = placesOf(items, rows.nColumns, options.tags);
  const guard = guardOf(rows, items, options);
  const isOut = Uint8Array.from({ length: rows.nColumns }, (_, column) =>
    options.allowed?.[column] === 0 ? 1 : 0,
  );

  const chosen: CoverChoice[] = [];
  const choose = (column: number): void => {
    chosen.push({
      column,
      itemsCovered: items.usesOf(column),
      marginalGain: items.nOpen[column]!,
    });
    isOut[column] = 1;
    guard?.add(column);
    items.take(column);
  };
  for (const column of new Set(current)) if (items.usesOf(column) > 0) choose(column);
  const recallBefore = items.recall;

  let nBlocked = 0;
  let atDepth: { recall: number; nCovered: number } | undefined;
  const isDone = (): boolean =>
    chosen.length >= maxTags || (chosen.length >= minTags && (atDepth ?? items).recall >= tau);
  for (;;) {
    const open = Uint32Array.from(place.keys()).filter((column) => isOut[column] === 0);
    const queue = new LazyMaxQueue(open, { gainOf: (column) => items.gainOf(column), place });
    while (!isDone()) {
      const column = queue.next();
      if (column === undefined) break;
      if (guard?.blocks(column) === true) {
        isOut[column] = 1;
        nBlocked++;
      } else choose(column);
    }
    // No tag gains at the depth asked for any more, so its recall stands; deeper, they gain again.
    atDepth ??= { recall: items.recall, nCovered: items.nCovered };
    if (chosen.length >= Math.min(minTags, maxTags) || !items.deepen()) break;
  }
  return { chosen, ...atDepth, recallBefore, nItems: items.nItems, nBlocked };
}

/** A column's place among columns of equal gain: more items first, then code point order of the names. */
function placesOf(items: OpenItems, nColumns: number, tags: readonly string[] | undefined): Uint32Array {
  const order = Uint32Array.from({ length: nColumns }, (_, column) => column).sort(
    (a, b) =>
      items.usesOf(b) - items.usesOf(a) || (tags === undefined ? a - b : byCodePoint(tags[a]!, tags[b]!)),
  );
  const place = new Uint32Array(nColumns);
  order.forEach((column, rank) => (place[column] = rank));
  return place;
}

function guardOf(
  rows: SparseRows,
  items: OpenItems,
  { maxOverlap = 1, vectorOf }: CoverSetOptions,
): OverlapGuard | undefined {
  if (maxOverlap === 1) return undefined;
  return vectorOf === undefined
    ? new JaccardGuard(rows, items, maxOverlap)
    : new CosineGuard(vectorOf, maxOverlap);
}
