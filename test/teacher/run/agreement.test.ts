import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../teacher/answers/collect.js';
import { agreement } from '../../../teacher/run/agreement.js';

const answer = (item: string[], user: string[] = []): Answer => ({
  callKey: '',
  sample: 0,
  tags: {
    item: item.map((raw) => ({ raw, score: null })),
    user: user.map((raw) => ({ raw, score: null })),
  },
});

describe('agreement', () => {
  it('is 1 for the same tags in any order and spelling, 0 for none in common', () => {
    expect(agreement([answer(['Wine', 'oak']), answer(['oak', 'wine.'])])).toBe(1);
    expect(agreement([answer(['wine']), answer(['beer'])])).toBe(0);
  });

  it('averages over pairs, then over spaces', () => {
    // items: 1/3, 1/3, 1; users: 1, 0, 0
    const answers = [answer(['a', 'b'], ['x']), answer(['a', 'c'], ['x']), answer(['a', 'c'], ['y'])];
    expect(agreement(answers)).toBeCloseTo((5 / 9 + 1 / 3) / 2, 12);
  });

  it('leaves out a space in which no answer has a tag, but not one in which some have', () => {
    expect(agreement([answer(['a']), answer(['a'])])).toBe(1);
    expect(agreement([answer(['a'], ['x']), answer(['a'])])).toBe(0.5);
  });

  it('is not defined for one answer, or for answers without tags', () => {
    expect(agreement([answer(['a'])])).toBeNaN();
    expect(agreement([answer([]), answer([])])).toBeNaN();
  });
});
