import type { SparseRows } from '../core/sparse.js';
import type { Space } from '../core/space.js';
import type { Split } from './rows.js';

/** The tags of n items in one space. */
export interface TagLabels {
  /** Distinct raw tags in order of first use; a tag's place is its column. */
  readonly tags: readonly string[];
  /** shape [n, tags.length]; a value is the strength in [0, 1], NaN where none was given; cells in rank order. */
  readonly rows: SparseRows;
}

/** The vectors that were given for n items. */
export interface GivenVectors {
  readonly nDims: number;
  /** shape [n, nDims]; zeros where an item has none */
  readonly values: Float32Array;
  /** shape [n], 1 where the item has a vector */
  readonly isGiven: Uint8Array;
}

/** Items with their tags, in memory, as training and evaluation read them. */
export interface LabelledItems {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  readonly groups: readonly (string | null)[];
  readonly splits: readonly Split[];
  /** Only the spaces in which at least one item has a tag. */
  readonly labels: Readonly<Partial<Record<Space, TagLabels>>>;
  /** Absent where no item has a vector. */
  readonly embeddings?: GivenVectors;
}
