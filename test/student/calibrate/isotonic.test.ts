import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isotonicBlocks, type Block } from '../../../student/calibrate/isotonic.js';

/** Random cases as isotonic_oracle.py makes them. */
const cases = JSON.parse(
  readFileSync(new URL('../../oracle/fixtures/isotonic.json', import.meta.url), 'utf8'),
) as { readonly values: number[]; readonly weights: number[]; readonly fitted: number[] }[];

const spread = (blocks: readonly Block[]): number[] =>
  blocks.flatMap(({ start, end, value }) => Array.from({ length: end - start }, () => value));

describe('isotonicBlocks', () => {
  it('fits what scikit-learn fits', () => {
    for (const { values, weights, fitted } of cases) {
      const ours = spread(isotonicBlocks(values, weights));
      expect(ours).toHaveLength(fitted.length);
      ours.forEach((value, i) => expect(value).toBeCloseTo(fitted[i]!, 10));
    }
  });

  it('rises strictly from block to block, covers every observation and keeps the mean', () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (values) => {
        const blocks = isotonicBlocks(values);
        blocks.forEach(({ start, value: of }, i) => {
          expect(start).toBe(i === 0 ? 0 : blocks[i - 1]!.end);
          if (i > 0) expect(of).toBeGreaterThan(blocks[i - 1]!.value);
        });
        expect(blocks.at(-1)!.end).toBe(values.length);
        const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
        expect(sum(spread(blocks))).toBeCloseTo(sum(values), 8);
      }),
    );
  });

  it('changes nothing that rises already, and pools what falls', () => {
    expect(spread(isotonicBlocks([1, 2, 3]))).toEqual([1, 2, 3]);
    expect(spread(isotonicBlocks([3, 2, 1]))).toEqual([2, 2, 2]);
    expect(isotonicBlocks([])).toEqual([]);
  });
});
