import { describe, expect, it } from 'vitest';
import type { Split } from '../../src/dataset/rows.js';
import { splitOf } from '../../src/dataset/split.js';

const names = Array.from({ length: 20_000 }, (_, i) => `group ${i}`);
const shares = { validationShare: 0.1, testShare: 0.15, seed: 1 };

describe('splitOf', () => {
  it('keeps to the shares', () => {
    const counts: Record<Split, number> = { train: 0, validation: 0, test: 0 };
    for (const name of names) counts[splitOf(name, shares)]++;
    expect(counts.validation / names.length).toBeCloseTo(0.1, 1);
    expect(counts.test / names.length).toBeCloseTo(0.15, 1);
  });

  it('does not move the test split when the share of validation changes', () => {
    const testOf = (validationShare: number): string[] =>
      names.filter((name) => splitOf(name, { ...shares, validationShare }) === 'test');
    expect(testOf(0.3)).toEqual(testOf(0));
  });

  it('splits otherwise under another seed', () => {
    const moved = names.filter((name) => splitOf(name, shares) !== splitOf(name, { ...shares, seed: 2 }));
    expect(moved.length).toBeGreaterThan(names.length / 10);
  });

  it.each([
    [{ validationShare: 0.5, testShare: 0.5 }, /leave nothing to train on/],
    [{ validationShare: -0.1, testShare: 0.5 }, /-0.1 for validation/],
    [{ validationShare: NaN, testShare: 0 }, /NaN for validation/],
  ])('refuses %j', (given, message) => {
    expect(() => splitOf('x', { ...given, seed: 1 })).toThrow(message);
  });
});
