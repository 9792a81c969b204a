import { describe, expect, it } from 'vitest';
import { frequencyBand, restrict, restrictTruth } from '../../src/metrics/index.js';

describe('frequencyBand', () => {
  it('puts counts on a bound into the higher band', () => {
    const bands = [0, 1, 2, 3, 19, 20].map((count) => frequencyBand(count));
    expect(bands).toEqual(['unseen', 'tail', 'tail', 'torso', 'torso', 'head']);
  });

  it('refuses bounds out of order', () => {
    expect(() => frequencyBand(5, { headFrom: 3, torsoFrom: 3 })).toThrow(
      expect.objectContaining({ code: 'E_BAD_OPTION' }),
    );
  });
});

describe('restrict', () => {
  const keep = (label: string): boolean => label.startsWith('t');

  it('closes up the ranking and keeps its order', () => {
    expect(restrict(['t2', 'h1', 't1'], new Set(['h1', 't1']), { keep })).toEqual({
      ranking: ['t2', 't1'],
      truth: new Set(['t1']),
    });
  });

  it('keeps gains with their labels', () => {
    const gains = new Map(Object.entries({ t1: 0.4, h1: 1 }));
    expect(restrictTruth(gains, { keep })).toEqual(new Map([['t1', 0.4]]));
  });
});
