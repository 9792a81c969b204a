import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationError, CalibrationSample, reliabilityBins } from '../../src/metrics/index.js';
import { oracle } from '../oracle/metrics-oracle.js';

const { probabilities, named, bins: expected } = oracle.reliability;
const by = fc.constantFrom('width' as const, 'mass' as const);
const pairs = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 60,
});

describe('reliabilityBins', () => {
  it.each(['width', 'mass'] as const)('gives the bins of scikit-learn, by %s', (by) => {
    const bins = reliabilityBins(probabilities, named, { nBins: 10, by }).filter(({ n }) => n > 0);
    expect(bins.map(({ n }) => n)).toEqual(expected[by].n);
    for (const [i, { meanProbability, shareNamed }] of bins.entries()) {
      expect(meanProbability).toBeCloseTo(expected[by].mean[i]!, 12);
      expect(shareNamed).toBeCloseTo(expected[by].share[i]!, 12);
    }
    expect(calibrationError(bins)).toBeCloseTo(expected[by].error, 12);
  });

  it('loses no prediction', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 20 }), by, (pairs, nBins, by) => {
        const bins = reliabilityBins(
          pairs.map(([p]) => p),
          pairs.map(([, named]) => named),
          { nBins, by },
        );
        expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(pairs.length);
      }),
    );
  });

  it('does not depend on the order of the predictions', () => {
    fc.assert(
      fc.property(pairs, by, (pairs, by) => {
        const error = (of: typeof pairs): number =>
          calibrationError(
            reliabilityBins(
              of.map(([p]) => p),
              of.map(([, named]) => named),
              { by },
            ),
          );
        expect(error(pairs.toReversed())).toBeCloseTo(error(pairs), 9);
      }),
    );
  });

  it('puts every edge into the bin that begins there, though products round', () => {
    for (const nBins of [10, 15, 49, 100]) {
      const edges = Array.from({ length: nBins }, (_, bin) => bin / nBins);
      const bins = reliabilityBins(edges, edges, { nBins });
      expect(bins.map(({ n }) => n)).toEqual(edges.map(() => 1));
    }
  });

  it('puts a probability of 1 into the last bin', () => {
    const bins = reliabilityBins([1, 0.95], [1, 1], { nBins: 10 });
    expect(bins[9]).toEqual({ n: 2, meanProbability: 0.975, shareNamed: 1 });
  });

  it('never parts equal probabilities when cutting by mass', () => {
    const bins = reliabilityBins([0.2, 0.2, 0.2, 0.2, 0.9], [1, 0, 1, 0, 1], { nBins: 5, by: 'mass' });
    expect(bins.map(({ n }) => n)).toEqual([4, 1]);
  });

  it.each([-0.1, 1.0001, NaN])('refuses a probability of %d', (p) => {
    expect(() => reliabilityBins([0.5, p], [0, 1])).toThrow(
      expect.objectContaining({
        code: 'E_BAD_INPUT',
        message: expect.stringContaining('Probability 1') as string,
      }),
    );
  });

  it('refuses outcomes that do not pair, and bins that are none', () => {
    expect(() => reliabilityBins([0.5], [])).toThrow(expect.objectContaining({ code: 'E_BAD_INPUT' }));
    expect(() => reliabilityBins([0.5], [1], { nBins: 0 })).toThrow(
      expect.objectContaining({ code: 'E_BAD_OPTION' }),
    );
  });
});

describe('calibrationError', () => {
  it('stays within 0 and 1', () => {
    fc.assert(
      fc.property(pairs, by, (pairs, by) => {
        const error = calibrationError(
          reliabilityBins(
            pairs.map(([p]) => p),
            pairs.map(([, named]) => named),
            { by },
          ),
        );
        return error >= 0 && error <= 1;
      }),
    );
  });

  it('is NaN without predictions', () => {
    expect(calibrationError(reliabilityBins([], []))).toBeNaN();
    expect(calibrationError(reliabilityBins([], [], { by: 'mass' }))).toBeNaN();
  });
});

describe('CalibrationSample', () => {
  it('takes the first k of each item, not named counting as 0', () => {
    const sample = new CalibrationSample<string>({ k: 2 });
    sample.add(['a', 'b', 'c'], new Set(['a', 'c']), { probabilities: [0.75, 0.25, 0.125] });
    expect(sample.bins({ nBins: 2 })).toEqual([
      { n: 1, meanProbability: 0.25, shareNamed: 0 },
      { n: 1, meanProbability: 0.75, shareNamed: 1 },
    ]);
    expect(sample.error({ nBins: 2 })).toBe(0.25);
  });

  it('leaves out items without labels', () => {
    const sample = new CalibrationSample<string>();
    sample.add(['a'], new Set(), { probabilities: [0.5] });
    expect(sample).toMatchObject({ nItems: 0, nWithoutLabels: 1 });
    expect(sample.error()).toBeNaN();
  });

  it('counts a repeated label once, with its first probability', () => {
    const sample = new CalibrationSample<string>();
    sample.add(['a', 'a'], new Set(['a']), { probabilities: [0.75, 0.25] });
    expect(sample.bins({ nBins: 1 })).toEqual([{ n: 1, meanProbability: 0.75, shareNamed: 1 }]);
  });

  it('keeps nothing of an item that it refuses', () => {
    const sample = new CalibrationSample<string>();
    expect(() => sample.add(['a', 'b'], new Set(['a']), { probabilities: [0.5] })).toThrow(
      expect.objectContaining({ code: 'E_BAD_INPUT', message: expect.stringContaining('place 2') as string }),
    );
    expect(sample.error()).toBeNaN();
    expect(sample.nItems).toBe(0);
  });
});
