import { describe, expect, it } from 'vitest';
import { F1Counts } from '../../src/metrics/index.js';
import { oracle } from '../oracle/metrics-oracle.js';

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
});
