import { SparseRowsBuilder, type SparseRows } from '../src/core/sparse.js';

/**
 * Turn labels into target distributions over a vocabulary: a tag's mass is its strength over the row's sum.
 *
 * A tag without a strength counts 1. Of several raw tags that mean the same vocabulary tag the strongest counts.
 * Tags outside the vocabulary are left out; a row whose strengths are all 0 is spread evenly.
 *
 * @param columnOf shape [rows.nColumns], a raw tag's place in the vocabulary, or -1
 */
export function targetDistributions(rows: SparseRows, columnOf: Int32Array, nTags: number): SparseRows {
  const builder = new SparseRowsBuilder();
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    const mass = new Map<number, number>();
    for (let i = rows.offsets[row]!; i < rows.offsets[row + 1]!; i++) {
      const column = columnOf[rows.indices[i]!]!;
      if (column < 0) continue;
      const strength = Number.isNaN(rows.values[i]!) ? 1 : rows.values[i]!;
      mass.set(column, Math.max(mass.get(column) ?? 0, strength));
    }
    const total = [...mass.values()].reduce((a, b) => a + b, 0);
    for (const [column, m] of mass) builder.push(column, total > 0 ? m / total : 1 / mass.size);
    builder.endRow();
  }
  return builder.finish(nTags);
}
