import { TagdistillError } from '../../core/errors.js';
import type { SparseRows } from '../../core/sparse.js';
import { checkCount } from '../check-count.js';

/** How {@link lazyCover} chooses. */
export interface CoverSetOptions {
  /** Stop once this share of the items (of their weight, where weights are given) is covered, in [0, 1]. */
  readonly tau?: number;
  /** An item is covered once this many of its tags are chosen, or all of them where it has fewer. */
  readonly depth?: number;
  /** shape [nRows], how much each item counts: finite, from 0 up. Default: all alike. */
  readonly weights?: ArrayLike<number>;
  /** Choose no more tags than this; current ones count, but stay. */
  readonly maxTags?: number;
  /** Go on past tau to this many tags, asking one tag more of every item whenever no tag gains any more. */
  readonly minTags?: number;
  /** Columns that are in the set already; they are kept if any item has them. */
  readonly current?: readonly number[];
  /** shape [nColumns], 0 for a column that must not be added. Default: any may. */
  readonly allowed?: Uint8Array;
  /**
   * Add no tag that lies nearer than this to a chosen one: in cosine where `vectorOf` is given, else in the Jaccard
   * index of the items that they cover. From 0 to 1; 1, the default, forbids nothing.
   */
  readonly maxOverlap?: number;
  /** Gives the vector of a column, all of one length; asked only of columns that come up. */
  readonly vectorOf?: (column: number) => Float32Array;
  /** shape [nColumns], names by which ties are broken. Default: the lower column goes first. */
  readonly tags?: readonly string[];
}

/** @throws TagdistillError `E_BAD_OPTION` */
export function checkCoverOptions(
  { offsets, nColumns }: SparseRows,
  {
    tau = 0,
    depth = 1,
    weights,
    maxTags = Infinity,
    minTags = 0,
    current = [],
    allowed,
    maxOverlap = 1,
    tags,
  }: CoverSetOptions,
): void {
  if (!isShare(tau)) throw bad(`tau is ${tau}`, 'Give a share from 0 to 1, e.g. 0.99.');
  if (!isShare(maxOverlap)) throw bad(`maxOverlap is ${maxOverlap}`, 'Give a number from 0 to 1, e.g. 0.8.');
  checkCount('depth', depth);
  if (maxTags !== Infinity) checkCount('maxTags', maxTags);
  if (!Number.isInteger(minTags) || minTags < 0 || minTags > maxTags)
    throw bad(`minTags is ${minTags}, maxTags ${maxTags}`, 'Give whole numbers, the lower one first.');
  for (const column of current) {
    if (Number.isInteger(column) && column >= 0 && column < nColumns) continue;
    throw bad(`current names column ${column} of ${nColumns}`, 'Give columns of these rows.');
  }
  checkLength('allowed', allowed, nColumns);
  checkLength('tags', tags, nColumns);
  checkLength('weights', weights, offsets.length - 1);
  for (let row = 0; row < (weights?.length ?? 0); row++) {
    const weight = weights![row]!;
    if (!(weight >= 0 && weight < Infinity))
      throw bad(`the weight of item ${row} is ${weight}`, 'Give finite weights from 0 up.');
  }
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

function checkLength(name: string, values: ArrayLike<unknown> | undefined, n: number): void {
  if (values !== undefined && values.length !== n)
    throw bad(`${name} has ${values.length} entries for ${n}`, 'Give one entry each.');
}

function bad(message: string, hint: string): TagdistillError {
  return new TagdistillError('E_BAD_OPTION', message, { hint });
}
