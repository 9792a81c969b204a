import type { SparseRows } from '../../core/sparse.js';

/**
 * The logic graph as numbers alone: all that exploration needs.
 *
 * A row is a source tag, a column a target tag, a value P(target | source). The cells of a row stand by weight
 * descending, then by column, and add up to 1; a tag without edges has an empty row.
 */
export interface LogicMatrices {
  /** shape [nItemTags, nUserTags], P(user tag | item tag) */
  readonly i2u: SparseRows;
  /** shape [nUserTags, nItemTags], P(item tag | user tag) */
  readonly u2i: SparseRows;
}
