import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { F1Counts } from '../../src/metrics/index.js';
import { oracle } from '../oracle/metrics-oracle.js';
import { ranking, truth } from './arbitraries.js';

const items = fc.array(fc.tuple(ranking, truth), { minLength: 1, maxLength: 15 });

describe('F1Counts', () => {
  it('gives the micro and macro F1 of scikit-learn', () => {
    const counts = new F1Counts<number>();
    for (const [i, truth] of oracle.f1.truth.entries()) counts.add(oracle.f1.predicted[i]!, new Set(truth));
    expect(counts.micro()).toBeCloseTo(oracle.f1.micro, 12);
    expect(counts.macro({ labels: Array(12).keys() })).toBeCloseTo(oracle.f1.macro, 12);
  });

  it('counts a label that is asked for but was neither true nor predicted as 0', () => {
    const counts = new F1Counts<string>();
    counts.add(['a'], new Set(['a']));
    expect(counts.macro()).toBe(1);
    expect(counts.macro({ labels: ['a', 'never'] })).toBe(0.5);
  });

  it('counts a repeated prediction once', () => {
    const counts = new F1Counts<string>();
    counts.add(['x', 'x', 'a'], new Set(['a']));
    expect(counts.micro()).toBeCloseTo(2 / 3, 12);
  });

  it('leaves out items without labels, and is NaN when none is left', () => {
    const counts = new F1Counts<string>();
    counts.add(['a'], new Set());
    expect(counts.nWithoutLabels).toBe(1);
    expect(counts.micro()).toBeNaN();
    expect(counts.macro()).toBeNaN();
  });

  it('stays within 0 and 1, and is 1 exactly where all decisions are right', () => {
    fc.assert(
      fc.property(items, (items) => {
        const counts = new F1Counts<number>();
        const right = new F1Counts<number>();
        for (const [predicted, truth] of items) {
          counts.add(predicted, truth);
          right.add(truth, truth);
        }
        const allRight = items.every(
          ([predicted, truth]) =>
            predicted.length === truth.size && predicted.every((label) => truth.has(label)),
        );
        for (const value of [counts.micro(), counts.macro()]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(value === 1).toBe(allRight);
        }
        expect([right.micro(), right.macro()]).toEqual([1, 1]);
      }),
    );
  });

  it('is the same with predictions and truth swapped', () => {
    fc.assert(
      fc.property(items, (items) => {
        const there = new F1Counts<number>();
        const back = new F1Counts<number>();
        for (const [predicted, truth] of items) {
          fc.pre(predicted.length > 0);
          there.add(predicted, truth);
          back.add(truth, new Set(predicted));
        }
        expect(back.micro()).toBeCloseTo(there.micro(), 12);
        expect(back.macro()).toBeCloseTo(there.macro(), 12);
      }),
    );
  });
});
