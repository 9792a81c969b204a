import { propensity } from '../../src/metrics/propensity.js';
import { describe, expect, it } from 'vitest';
import { SparseRowsBuilder, type SparseRows } from '../../src/core/sparse.js';
import { namedWeights, targetDistributions, weighByPropensity } from '../../student/training-items.js';

type Cell = readonly [column: number, value: number];

function sparse(rows: readonly (readonly Cell[])[], nColumns: number): SparseRows {
  const builder = new SparseRowsBuilder();
  for (const row of rows) {
    for (const [column, value] of row) builder.push(column, value);
    builder.endRow();
  }
  return builder.finish(nColumns);
}

function cells({ offsets, indices, values }: SparseRows): Cell[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) =>
    Array.from(indices.slice(offsets[row], offsets[row + 1]), (column, i): Cell => [
      column,
      Number(values[offsets[row]! + i]!.toFixed(6)),
    ]),
  );
}

/** Raw tags 0 and 3 are one tag of the vocabulary, 2 is outside it. */
const COLUMN_OF = Int32Array.of(1, 0, -1, 1);

describe('targetDistributions', () => {
  it('gives each tag its strength over the sum of the row', () => {
    const rows = sparse(
      [
        [
          [0, 0.9],
          [1, 0.3],
        ],
      ],
      4,
    );
    expect(cells(targetDistributions(rows, COLUMN_OF, 2))).toEqual([
      [
        [1, 0.75],
        [0, 0.25],
      ],
    ]);
  });

  it('takes the strongest of several raw tags that are one tag, and leaves out tags outside', () => {
    const rows = sparse(
      [
        [
          [0, 0.2],
          [3, 0.6],
          [2, 1],
          [1, 0.2],
        ],
        [[2, 1]],
      ],
      4,
    );
    expect(cells(targetDistributions(rows, COLUMN_OF, 2))).toEqual([
      [
        [1, 0.75],
        [0, 0.25],
      ],
      [],
    ]);
  });

  it('counts a tag without strength as 1, and spreads a row of zeros evenly', () => {
    const rows = sparse(
      [
        [
          [0, NaN],
          [1, 1],
        ],
        [
          [0, 0],
          [1, 0],
        ],
      ],
      4,
    );
    expect(cells(targetDistributions(rows, COLUMN_OF, 2))).toEqual([
      [
        [1, 0.5],
        [0, 0.5],
      ],
      [
        [1, 0.5],
        [0, 0.5],
      ],
    ]);
  });
});

describe('namedWeights', () => {
  it('weighs plain labels by 1', () => {
    const rows = sparse(
      [
        [
          [0, NaN],
          [1, NaN],
        ],
        [[1, NaN]],
      ],
      4,
    );
    expect(cells(namedWeights(rows, COLUMN_OF, 2))).toEqual([
      [
        [1, 1],
        [0, 1],
      ],
      [[0, 1]],
    ]);
  });

  it('weighs graded ones by 1 on average over all rows', () => {
    const rows = sparse(
      [
        [
          [0, 0.9],
          [1, 0.3],
        ],
        [[1, 0.6]],
      ],
      4,
    );
    expect(cells(namedWeights(rows, COLUMN_OF, 2))).toEqual([
      [
        [1, 1.5],
        [0, 0.5],
      ],
      [[0, 1]],
    ]);
  });

  it('keeps a named tag of strength 0 as a faint yes, so that it is no no', () => {
    const rows = sparse(
      [
        [
          [0, 0],
          [1, 1],
        ],
      ],
      4,
    );
    expect(cells(namedWeights(rows, COLUMN_OF, 2))).toEqual([
      [
        [1, 0.001],
        [0, 2],
      ],
    ]);
  });

  it('gives no number that is none where all strengths are 0', () => {
    expect(cells(namedWeights(sparse([[[0, 0]]], 4), COLUMN_OF, 2))).toEqual([[[1, 0.001]]]);
  });
});

describe('weighByPropensity', () => {
  const plain = namedWeights(
    sparse(
      [
        [
          [0, 1],
          [1, 1],
        ],
        [[0, 1]],
        [[0, 1]],
        [[0, 1]],
      ],
      4,
    ),
    COLUMN_OF,
    2,
  );
  const uses = [1, 4]; // by vocabulary tag: raw tag 0 is column 1

  it('weighs a tag by its inverse propensity, keeping the mean weight of all uses', () => {
    const { values } = weighByPropensity(plain, uses, { power: 1, keepRowSums: false });
    const [often, rare] = [values[0]!, values[1]!];
    expect(rare / often).toBeCloseTo(propensity(4, 4) / propensity(1, 4), 5);
    expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(5, 5);
  });

  it('keeps the sum of each row for distributions', () => {
    const { values } = weighByPropensity(plain, uses, { power: 1, keepRowSums: true });
    expect(values[0]! + values[1]!).toBeCloseTo(2, 5);
    expect([...values.subarray(2)]).toEqual([1, 1, 1]);
  });

  it('changes nothing at power 0', () => {
    expect(weighByPropensity(plain, uses, { power: 0, keepRowSums: false }).values).toEqual(plain.values);
  });
});
