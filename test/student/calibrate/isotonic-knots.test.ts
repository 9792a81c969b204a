import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibratedLogOdds, probability, sigmoid } from '../../../src/bundle/calibration.js';
import { normal, seededRandom } from '../../../src/core/random.js';
import { isotonicKnots } from '../../../student/calibrate/isotonic-knots.js';
import { fitPlatt } from '../../../student/calibrate/platt.js';

const logit = fc.integer({ min: -64, max: 64 }).map((x) => x / 8);
const outcomes = fc.array(fc.tuple(logit, fc.constantFrom(0, 1)), { minLength: 1, maxLength: 600 });

function fit(pairs: readonly (readonly [number, number])[]) {
  const logits = pairs.map(([x]) => x);
  const named = pairs.map(([, y]) => y);
  const curve = fitPlatt(logits, named);
  return { ...curve, knots: isotonicKnots(logits, named, curve), tagShifts: {} };
}

describe('isotonicKnots', () => {
  it('keeps the order of distinct logits, and every probability within 0 and 1', () => {
    fc.assert(
      fc.property(outcomes, (pairs) => {
        const map = fit(pairs);
        let before = -Infinity;
        for (let x = -12; x <= 12; x += 0.25) {
          const z = calibratedLogOdds(map, x, 0);
          if (map.scale > 0) expect(z).toBeGreaterThan(before);
          else expect(z).toBeGreaterThanOrEqual(before);
          before = z;
          const p = probability(map, x, 0);
          expect(Number.isFinite(z)).toBe(true);
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('finds a shape that no logistic curve has', () => {
    const random = seededRandom(3);
    const truth = (x: number): number => (x < 0 ? 0.1 : 0.45 + 0.1 * sigmoid(x));
    const pairs = Array.from({ length: 40_000 }, () => {
      const x = 2 * normal(random);
      return [x, random() < truth(x) ? 1 : 0] as const;
    });
    const map = fit(pairs);
    for (const x of [-3, -1, 0.5, 1, 3]) expect(probability(map, x, 0)).toBeCloseTo(truth(x), 1);
  });

  it('leaves calibrated logits about as they are', () => {
    const random = seededRandom(4);
    const pairs = Array.from({ length: 40_000 }, () => {
      const x = 2 * normal(random) - 1;
      return [x, random() < sigmoid(x) ? 1 : 0] as const;
    });
    const map = fit(pairs);
    for (const x of [-4, -2, -1, 0, 1, 2]) {
      expect(Math.abs(probability(map, x, 0) - sigmoid(x))).toBeLessThan(0.03);
    }
  });

  it('rests no knot on few predictions', () => {
    fc.assert(
      fc.property(outcomes, (pairs) => {
        expect(fit(pairs).knots.length).toBeLessThanOrEqual(Math.floor(pairs.length / 50));
      }),
    );
  });

  it.each([
    ['nothing is there', []],
    ['all logits are the same', Array.from({ length: 200 }, (_, i) => [1, i % 2] as const)],
    ['all tags were named', Array.from({ length: 200 }, (_, i) => [i, 1] as const)],
    ['higher logits were named less', Array.from({ length: 200 }, (_, i) => [i, i < 100 ? 1 : 0] as const)],
  ])('bends nothing where %s', (_, pairs) => {
    expect(fit(pairs).knots).toEqual([]);
  });
});
