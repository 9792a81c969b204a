import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainCover } from '../../../bench/tags/cover/plain-cover.js';
import { lazyCover, type CoverSetOptions } from '../../../src/tags/index.js';
import { rowsOf } from './days.js';

const matrices = fc.integer({ min: 1, max: 12 }).chain((nColumns) =>
  fc.record({
    nColumns: fc.constant(nColumns),
    cells: fc.array(fc.array(fc.integer({ min: 0, max: nColumns - 1 }), { maxLength: 6 }), { maxLength: 25 }),
    tau: fc.constantFrom(0, 0.5, 0.9, 0.99, 1),
    depth: fc.integer({ min: 1, max: 4 }),
  }),
);

describe('lazyCover', () => {
  it('takes the tag of most uncovered items first, and counts only what it adds', () => {
    const cover = lazyCover(rowsOf([[0, 1], [1], [1, 2], [2], [3]], 4), { tau: 0.8 });
    expect(cover.chosen).toEqual([
      { column: 1, itemsCovered: 3, marginalGain: 3 },
      { column: 2, itemsCovered: 2, marginalGain: 1 },
    ]);
    expect(cover).toMatchObject({ recall: 0.8, recallBefore: 0, nItems: 5, nCovered: 4 });
  });

  it('breaks ties by column, so runs repeat', () => {
    const cover = lazyCover(rowsOf([[2], [0], [1]], 3), { tau: 1 });
    expect(cover.chosen.map((choice) => choice.column)).toEqual([0, 1, 2]);
  });

  it('does not count items without tags', () => {
    expect(lazyCover(rowsOf([[], [0], []], 1))).toMatchObject({ nItems: 1, nCovered: 1, recall: 1 });
  });

  it('gives a recall of NaN and no tags when no item has a tag', () => {
    expect(lazyCover(rowsOf([[], []], 3))).toMatchObject({ chosen: [], recall: NaN, nItems: 0 });
    expect(lazyCover(rowsOf([], 0))).toMatchObject({ chosen: [], recall: NaN, nItems: 0 });
  });

  it('keeps current tags that cover something, drops those that cover nothing, and only then adds', () => {
    const cover = lazyCover(rowsOf([[0], [0, 1], [2]], 4), { tau: 1, current: [3, 1] });
    expect(cover.chosen.map((choice) => choice.column)).toEqual([1, 0, 2]);
    expect(cover.recallBefore).toBeCloseTo(1 / 3);
  });

  it('adds nothing once the current tags reach tau', () => {
    const cover = lazyCover(rowsOf([[0], [0, 1]], 2), { tau: 0.9, current: [0] });
    expect(cover.chosen).toHaveLength(1);
    expect(cover.recallBefore).toBe(1);
  });

  it('at depth 2 wants two chosen tags an item, or its only one', () => {
    const cover = lazyCover(rowsOf([[0, 1, 2], [3]], 4), { tau: 1, depth: 2 });
    expect(cover.chosen.map((choice) => choice.column)).toEqual([0, 1, 3]);
  });

  it('breaks equal gains by uses, then by code point order of the names', () => {
    const rows = rowsOf([[0], [1], [2, 3], [3, 0]], 4);
    const chosen = (options: CoverSetOptions): number[] =>
      lazyCover(rows, { tau: 1, ...options }).chosen.map((choice) => choice.column);
    expect(chosen({})).toEqual([0, 3, 1]);
    expect(chosen({ tags: ['b', 'z', 'y', 'a'] })).toEqual([3, 0, 1]);
    expect(chosen({ tags: ['\u{1f600}', 'z', 'y', '\uffff'] })).toEqual([3, 0, 1]);
  });

  it('counts items by their weights', () => {
    const rows = rowsOf([[0], [0], [1]], 2);
    expect(lazyCover(rows, { tau: 0.7, weights: [1, 1, 6] })).toMatchObject({
      chosen: [{ column: 1, marginalGain: 1 }],
      recall: 0.75,
      nCovered: 1,
    });
  });

  it('chooses exactly as the plain greedy does, at every tau, depth and weight', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 25, maxLength: 25 }),
        fc.boolean(),
        ({ cells, nColumns, tau, depth }, numbers, isWeighted) => {
          const rows = rowsOf(cells, nColumns);
          const tags = Array.from({ length: nColumns }, (_, column) => String((column * 7) % 12));
          const weights = numbers.slice(0, cells.length);
          const options = { tau, depth, tags, ...(isWeighted && { weights }) };
          expect(lazyCover(rows, options).chosen.map((choice) => choice.column)).toEqual(
            plainCover(rows, options),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('reaches tau whatever the rows and the tags it starts from', () => {
    fc.assert(
      fc.property(matrices, fc.array(fc.nat(11)), ({ cells, nColumns, tau, depth }, current) => {
        const known = current.filter((column) => column < nColumns);
        const cover = lazyCover(rowsOf(cells, nColumns), { tau, depth, current: known });
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
    [{ maxTags: 0 }, /maxTags is 0/],
    [{ minTags: 3, maxTags: 2 }, /minTags is 3, maxTags 2/],
    [{ maxOverlap: -0.1 }, /maxOverlap is -0.1/],
    [{ weights: [NaN] }, /weight of item 0 is NaN/],
    [{ weights: [1, 2] }, /weights has 2 entries for 1/],
    [{ tags: [] }, /tags has 0 entries for 1/],
  ])('refuses %j', (options, message) => {
    expect(() => lazyCover(rowsOf([[0]], 1), options)).toThrow(message);
  });

  it('chooses no more than maxTags, and goes deeper to reach minTags', () => {
    const rows = rowsOf([[0, 1, 2], [0, 1], [0], [3]], 4);
    expect(lazyCover(rows, { tau: 1, maxTags: 1 })).toMatchObject({ chosen: [{ column: 0 }], recall: 0.75 });
    const deeper = lazyCover(rows, { tau: 1, minTags: 3 });
    expect(deeper.chosen.map((choice) => choice.column)).toEqual([0, 3, 1]);
    expect(deeper).toMatchObject({ recall: 1, nCovered: 4 });
    expect(lazyCover(rows, { tau: 1, minTags: 99 }).chosen).toHaveLength(4);
  });

  it('adds no tag that shares more items with a chosen one than maxOverlap', () => {
    const rows = rowsOf([[0, 1], [0, 1], [0, 1], [1], [2]], 3);
    const near = lazyCover(rows, { tau: 1, depth: 2, maxOverlap: 0.7 });
    expect(near.chosen.map((choice) => choice.column)).toEqual([1, 2]);
    expect(near).toMatchObject({ nBlocked: 1, nCovered: 2 });
    const far = lazyCover(rows, { tau: 1, depth: 2, maxOverlap: 0.75 });
    expect(far.chosen.map((choice) => choice.column)).toEqual([1, 0, 2]);
  });

  it('adds no tag whose vector lies nearer to a chosen one than maxOverlap', () => {
    const rows = rowsOf([[0], [0], [1], [2], [3]], 4);
    const vectors = [
      [2, 0],
      [1, 1],
      [0, 5],
      [0, 0],
    ].map((vector) => Float32Array.from(vector));
    const chosen = (maxOverlap: number): number[] =>
      lazyCover(rows, { tau: 1, maxOverlap, vectorOf: (column) => vectors[column]! }).chosen.map(
        ({ column }) => column,
      );
    expect(chosen(0.7)).toEqual([0, 2, 3]);
    expect(chosen(0.71)).toEqual([0, 1, 2, 3]);
  });

  it('keeps chosen tags apart by the bound, whatever the rows', () => {
    fc.assert(
      fc.property(matrices, ({ cells, nColumns, tau, depth }) => {
        const maxOverlap = 0.5;
        const { chosen } = lazyCover(rowsOf(cells, nColumns), { tau, depth, maxOverlap });
        const itemsOf = ({ column }: { column: number }): Set<number> =>
          new Set(cells.flatMap((row, i) => (row.includes(column) ? [i] : [])));
        for (const [i, a] of chosen.entries()) {
          for (const b of chosen.slice(0, i)) {
            const [ofA, ofB] = [itemsOf(a), itemsOf(b)];
            const shared = [...ofA].filter((item) => ofB.has(item)).length;
            expect(shared / (ofA.size + ofB.size - shared)).toBeLessThanOrEqual(maxOverlap);
          }
        }
      }),
    );
  });

  it('adds only allowed tags, and keeps current ones though they are not', () => {
    const rows = rowsOf([[0], [1], [2]], 3);
    const cover = lazyCover(rows, { tau: 1, current: [0], allowed: Uint8Array.of(0, 0, 1) });
    expect(cover.chosen.map((choice) => choice.column)).toEqual([0, 2]);
    expect(cover.nCovered).toBe(2);
  });
});
