import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SparseRowsBuilder, type SparseRows } from '../../src/core/sparse.js';
import { coverSet } from '../../src/tags/index.js';

function rowsOf(cells: readonly (readonly number[])[], nColumns: number): SparseRows {
  const builder = new SparseRowsBuilder();
  for (const row of cells) {
    for (const column of row) builder.push(column, 1);
    builder.endRow();
  }
  return builder.finish(nColumns);
}

/** Greedy cover by its definition: recount every gain before every choice. */
function naiveCover(
  cells: readonly (readonly number[])[],
  nColumns: number,
  tau: number,
  depth: number,
): number[] {
  const sets = cells.map((row) => new Set(row)).filter((row) => row.size > 0);
  const chosen = new Set<number>();
  const isCovered = (row: Set<number>): boolean => {
    const hits = [...row].filter((column) => chosen.has(column)).length;
    return hits >= Math.min(depth, row.size);
  };
  while (sets.filter(isCovered).length / sets.length < tau) {
    let best = -1;
    let bestGain = 0;
    for (let column = 0; column < nColumns; column++) {
      const gain = chosen.has(column) ? 0 : sets.filter((row) => row.has(column) && !isCovered(row)).length;
      if (gain > bestGain) [best, bestGain] = [column, gain];
    }
    if (best < 0) break;
    chosen.add(best);
  }
  return [...chosen];
}

const matrices = fc.integer({ min: 1, max: 12 }).chain((nColumns) =>
  fc.record({
    nColumns: fc.constant(nColumns),
    cells: fc.array(fc.array(fc.integer({ min: 0, max: nColumns - 1 }), { maxLength: 6 }), { maxLength: 25 }),
    tau: fc.constantFrom(0, 0.5, 0.9, 0.99, 1),
    depth: fc.integer({ min: 1, max: 4 }),
  }),
);

describe('coverSet', () => {
  it('takes the tag of most uncovered items first, and counts only what it adds', () => {
    const cover = coverSet(rowsOf([[0, 1], [1], [1, 2], [2], [3]], 4), { tau: 0.8 });
    expect(cover.chosen).toEqual([
      { column: 1, itemsCovered: 3, marginalGain: 3 },
      { column: 2, itemsCovered: 2, marginalGain: 1 },
    ]);
    expect(cover).toMatchObject({ recall: 0.8, recallBefore: 0, nItems: 5, nCovered: 4 });
  });

  it('breaks ties by column, so runs repeat', () => {
    const cover = coverSet(rowsOf([[2], [0], [1]], 3), { tau: 1 });
    expect(cover.chosen.map((choice) => choice.column)).toEqual([0, 1, 2]);
  });

  it('does not count items without tags', () => {
    expect(coverSet(rowsOf([[], [0], []], 1))).toMatchObject({ nItems: 1, nCovered: 1, recall: 1 });
  });

  it('gives a recall of NaN and no tags when no item has a tag', () => {
    expect(coverSet(rowsOf([[], []], 3))).toMatchObject({ chosen: [], recall: NaN, nItems: 0 });
    expect(coverSet(rowsOf([], 0))).toMatchObject({ chosen: [], recall: NaN, nItems: 0 });
  });

  it('keeps current tags that cover something, drops those that cover nothing, and only then adds', () => {
    const cover = coverSet(rowsOf([[0], [0, 1], [2]], 4), { tau: 1, current: [3, 1] });
    expect(cover.chosen.map((choice) => choice.column)).toEqual([1, 0, 2]);
    expect(cover.recallBefore).toBeCloseTo(1 / 3);
  });

  it('adds nothing once the current tags reach tau', () => {
    const cover = coverSet(rowsOf([[0], [0, 1]], 2), { tau: 0.9, current: [0] });
    expect(cover.chosen).toHaveLength(1);
    expect(cover.recallBefore).toBe(1);
  });

  it('at depth 2 wants two chosen tags an item, or its only one', () => {
    const cover = coverSet(rowsOf([[0, 1, 2], [3]], 4), { tau: 1, depth: 2 });
    expect(cover.chosen.map((choice) => choice.column)).toEqual([0, 1, 3]);
  });

  it('chooses exactly as the naive greedy does, at every tau and depth', () => {
    fc.assert(
      fc.property(matrices, ({ cells, nColumns, tau, depth }) => {
        const cover = coverSet(rowsOf(cells, nColumns), { tau, depth });
        expect(cover.chosen.map((choice) => choice.column)).toEqual(naiveCover(cells, nColumns, tau, depth));
      }),
      { numRuns: 500 },
    );
  });

  it('reaches tau whatever the rows and the tags it starts from', () => {
    fc.assert(
      fc.property(matrices, fc.array(fc.nat(11)), ({ cells, nColumns, tau, depth }, current) => {
        const known = current.filter((column) => column < nColumns);
        const cover = coverSet(rowsOf(cells, nColumns), { tau, depth, current: known });
        const columns = cover.chosen.map((choice) => choice.column);
        expect(new Set(columns).size).toBe(columns.length);
        if (cover.nItems > 0) expect(cover.recall).toBeGreaterThanOrEqual(tau);
      }),
    );
  });

  it.each([
    [{ tau: 1.5 }, /tau is 1.5/],
    [{ tau: NaN }, /tau is NaN/],
    [{ depth: 0 }, /depth is 0/],
    [{ current: [7] }, /column 7 of 1/],
  ])('refuses %j', (options, message) => {
    expect(() => coverSet(rowsOf([[0]], 1), options)).toThrow(message);
  });
});
