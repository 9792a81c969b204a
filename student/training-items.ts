import type { Space } from '../src/core/space.js';
import { SparseRowsBuilder, type SparseRows } from '../src/core/sparse.js';
import type { Bag } from '../src/features/bag-encoder.js';
import { propensity } from '../src/metrics/propensity.js';

/** Items as the network reads them: bags of features, frozen vectors, and per space the targets of the loss. */
export interface TrainingItems {
  readonly bags: readonly Bag[];
  /** shape [nItems, nVectorDims] */
  readonly vectors: Float32Array;
  /** shape [nItems, nTags] a space; a row is empty where the item has no tag */
  readonly targets: Readonly<Partial<Record<Space, SparseRows>>>;
}

/**
 * Turn labels into target distributions over a vocabulary: a tag's mass is its strength over the row's sum.
 *
 * Tags outside the vocabulary are left out; a row whose strengths are all 0 is spread evenly.
 *
 * @param columnOf shape [rows.nColumns], a raw tag's place in the vocabulary, or -1
 */
export function targetDistributions(rows: SparseRows, columnOf: Int32Array, nTags: number): SparseRows {
  return mapRows(rows, nTags, (row, push) => {
    const strengths = strengthsOf(rows, row, columnOf);
    const total = [...strengths.values()].reduce((a, b) => a + b, 0);
    for (const [column, strength] of strengths)
      push(column, total > 0 ? strength / total : 1 / strengths.size);
  });
}

/**
 * Turn labels into weights of a yes for each named tag: its strength over the mean strength of all uses, so that the
 * weights of people's plain labels are 1, and those of a teacher's graded ones 1 on average.
 *
 * @param columnOf shape [rows.nColumns], a raw tag's place in the vocabulary, or -1
 */
export function namedWeights(rows: SparseRows, columnOf: Int32Array, nTags: number): SparseRows {
  let [sum, n] = [0, 0];
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    for (const strength of strengthsOf(rows, row, columnOf).values()) [sum, n] = [sum + strength, n + 1];
  }
  const mean = sum > 0 ? sum / n : 1;
  return mapRows(rows, nTags, (row, push) => {
    // A tag of strength 0 was named all the same.
    for (const [column, strength] of strengthsOf(rows, row, columnOf))
      push(column, Math.max(strength / mean, 1e-3));
  });
}

/**
 * Weigh targets by the inverse propensity of their tags, to a power: 0 changes nothing, 1 makes up in full for how
 * rarely a teacher that names a few tags gets to name a rare one.
 *
 * @param options.keepRowSums for distributions; else the mean weight of all uses stays
 * @see Jain, Prabhu & Varma 2016
 */
export function weighByPropensity(
  targets: SparseRows,
  uses: ArrayLike<number>,
  { power, keepRowSums }: { readonly power: number; readonly keepRowSums: boolean },
): SparseRows {
  const nItems = targets.offsets.length - 1;
  const weights = Float64Array.from(uses, (count) => propensity(count, nItems) ** -power);
  const values = targets.values.map((value, i) => value * weights[targets.indices[i]!]!);
  const rescale = (start: number, end: number): void => {
    const before = sum(targets.values.subarray(start, end));
    const after = sum(values.subarray(start, end));
    if (after > 0) for (let i = start; i < end; i++) values[i]! *= before / after;
  };
  if (keepRowSums) {
    for (let row = 0; row < nItems; row++) rescale(targets.offsets[row]!, targets.offsets[row + 1]!);
  } else {
    rescale(0, values.length);
  }
  return { ...targets, values };
}

function sum(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0);
}

/**
 * The strengths of a row's tags of the vocabulary: 1 where none was given; of several raw tags that mean the same
 * vocabulary tag the strongest.
 */
function strengthsOf(rows: SparseRows, row: number, columnOf: Int32Array): Map<number, number> {
  const strengths = new Map<number, number>();
  for (let i = rows.offsets[row]!; i < rows.offsets[row + 1]!; i++) {
    const column = columnOf[rows.indices[i]!]!;
    if (column < 0) continue;
    const strength = Number.isNaN(rows.values[i]!) ? 1 : rows.values[i]!;
    strengths.set(column, Math.max(strengths.get(column) ?? 0, strength));
  }
  return strengths;
}

function mapRows(
  rows: SparseRows,
  nTags: number,
  fill: (row: number, push: (column: number, value: number) => void) => void,
): SparseRows {
  const builder = new SparseRowsBuilder();
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    fill(row, (column, value) => builder.push(column, value));
    builder.endRow();
  }
  return builder.finish(nTags);
}
