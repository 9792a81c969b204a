import { describe, expect, it } from 'vitest';
import { normal, seededRandom, shuffle } from '../../src/core/random.js';

describe('seededRandom', () => {
  it('repeats for a seed and differs between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('is uniform in [0, 1), and its normal draws have mean 0 and deviation 1', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 20_000 }, random);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0.5, 1);
    const normals = Array.from({ length: 20_000 }, () => normal(random));
    const mean = normals.reduce((a, b) => a + b) / normals.length;
    const variance = normals.reduce((sum, x) => sum + (x - mean) ** 2, 0) / normals.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });
});

describe('shuffle', () => {
  it('keeps every value', () => {
    const values = Uint32Array.from({ length: 50 }, (_, i) => i);
    expect([...shuffle(values, seededRandom(1))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
  });
});
