import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../src/bundle/calibration.js';
import { normal, seededRandom } from '../../../src/core/random.js';
import { fitPlatt, logLoss, type Curve } from '../../../student/calibrate/platt.js';

const at = (logit: number, { scale, shift }: Curve): number => sigmoid(scale * logit + shift);

describe('fitPlatt', () => {
  it('finds the curve that the outcomes were drawn from', () => {
    const random = seededRandom(2);
    const logits = Array.from({ length: 20_000 }, () => 2 * normal(random) - 3);
    const named: number[] = logits.map((x) => (random() < at(x, { scale: 0.7, shift: 0.4 }) ? 1 : 0));
    const fit = fitPlatt(logits, named);
    expect(fit.scale).toBeCloseTo(0.7, 1);
    expect(fit.shift).toBeCloseTo(0.4, 0);
    const meanProbability = logits.reduce((sum, x) => sum + at(x, fit), 0) / logits.length;
    expect(meanProbability).toBeCloseTo(named.reduce((a, b) => a + b, 0) / named.length, 3);
  });

  it('stays finite and ordered when outcomes are perfectly separated', () => {
    const fit = fitPlatt([-0.1, -0.2, -9, -10], [1, 1, 0, 0]);
    expect(at(-0.1, fit)).toBeGreaterThan(0.6);
    expect(at(-10, fit)).toBeLessThan(0.4);
  });

  it('never turns the order round: no slope where higher logits were named less', () => {
    expect(fitPlatt([1, 2, 3, 4], [1, 1, 0, 0]).scale).toBe(0);
  });

  it('gives the base rate, smoothed, when every logit is the same or every tag was named', () => {
    expect(at(-5, fitPlatt([-5, -5, -5, -5], [1, 0, 0, 0]))).toBeCloseTo(1 / 3, 1);
    expect(at(0, fitPlatt([0], [1]))).toBeCloseTo(2 / 3, 3);
  });

  it('gives evens without any prediction', () => {
    expect(fitPlatt([], [])).toEqual({ scale: 0, shift: 0 });
  });
});

describe('logLoss', () => {
  it('stays finite where a probability rounds to 0 or 1', () => {
    expect(logLoss(-900, 1)).toBe(900);
    expect(logLoss(900, 1)).toBe(0);
    expect(logLoss(0, 1)).toBeCloseTo(Math.LN2, 12);
  });
});
