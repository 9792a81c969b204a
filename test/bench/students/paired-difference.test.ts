import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../../bench/students/paired-difference.js';

const values = (groups: readonly string[], ...of: number[]) => [{ groups, values: Float32Array.from(of) }];

describe('pairedDifference', () => {
  it('gives the mean over items, however they are grouped, and leaves out items without a value', () => {
    const groups = ['a', 'a', 'a', 'b', 'c'];
    const { mean, n } = pairedDifference(
      values(groups, 1, 1, 0, 0.5, NaN),
      values(groups, 0, 0.5, 0, 0.5, 1),
    );
    expect(mean).toBeCloseTo(1.5 / 4, 12);
    expect(n).toBe(2);
  });

  it('draws groups: items that repeat one another do not narrow the interval', () => {
    const few = Array.from({ length: 20 }, (_, i) => `group ${i}`);
    const own = few.map((_, i) => (i % 3 === 0 ? 1 : 0.2));
    const zeros = few.map(() => 0);
    const once = pairedDifference(values(few, ...own), values(few, ...zeros));
    const many = <T>(of: readonly T[]): T[] => Array.from({ length: 50 }, () => of).flat();
    const repeated = pairedDifference(values(many(few), ...many(own)), values(many(few), ...many(zeros)));
    expect(repeated.high - repeated.low).toBeCloseTo(once.high - once.low, 6);
  });

  it('joins the splits of several seeds by group', () => {
    const split = values(['a', 'b'], 1, 0)[0]!;
    const none = values(['a', 'b'], 0, 0)[0]!;
    expect(pairedDifference([split, split], [none, none])).toMatchObject({ mean: 0.5, n: 2 });
  });
});
