import { describe, expect, it } from 'vitest';
import {
  calibratedLogOdds,
  probability,
  type Calibration,
  type SpaceCalibration,
} from '../../src/bundle/calibration.js';
import { readCalibrations } from '../../src/bundle/read-calibrations.js';

const CURVE: Calibration = { scale: 0.5, shift: 1, knots: [], tagShifts: {} };
const BENT: Calibration = {
  ...CURVE,
  knots: [
    [-2, -3],
    [0, 0],
    [4, 1],
  ],
};

describe('probability', () => {
  it('is the logistic curve where there is no knot', () => {
    expect(probability(CURVE, 2, 0)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect(probability(CURVE, -2, 0)).toBe(0.5);
  });

  it('runs through the knots, straight between them and on along the curve past them', () => {
    expect([-4, -2, -1, 0, 2, 4, 8].map((x) => calibratedLogOdds(BENT, x, 0))).toEqual([
      -4, -3, -1.5, 0, 0.5, 1, 3,
    ]);
  });

  it('adds to a logit the shift of its tag first', () => {
    const map = { ...BENT, tagShifts: { 3: 2 } };
    expect(probability(map, -2, 3)).toBe(probability(BENT, 0, 3));
    expect(probability(map, -2, 4)).toBe(probability(BENT, -2, 4));
  });
});

describe('readCalibrations', () => {
  const map: SpaceCalibration = {
    ...BENT,
    tagShifts: { 3: 2 },
    report: {
      stages: ['logistic', 'tag shifts', 'isotonic'],
      nItems: 5,
      k: 20,
      eceK: 10,
      eceBefore: 0.2,
      eceAfter: 0.1,
      logLossBefore: 1,
      logLossAfter: 0.5,
      bins: [{ lower: 0, upper: 0.1, n: 50, meanProbability: 0.05, shareNamed: 0.04 }],
    },
  };
  const read = (of: unknown) => readCalibrations(JSON.stringify({ item: of }), 'b/calibration.json');

  it('reads back what was written', () => {
    expect(read(map)).toEqual({ item: map });
    expect(read({ ...map, report: null })).toEqual({ item: { ...map, report: null } });
  });

  it.each<[string, unknown]>([
    ['item should be an object, found 3', 3],
    ['item.scale should be a number from 0, found -1', { ...map, scale: -1 }],
    ['item.scale should be a number from 0, found nothing', { shift: 1 }],
    ['item.shift should be a number, found "1"', { ...map, shift: '1' }],
    ['item.knots should be a list, found null', { ...map, knots: null }],
    ['item.knots[0] should be a pair of numbers, found [1]', { ...map, knots: [[1]] }],
    [
      'item.knots[1] should be above the knot before it, [0,0], found [0,1]',
      {
        ...map,
        knots: [
          [0, 0],
          [0, 1],
        ],
      },
    ],
    [
      'item.tagShifts["a"] should be a number, under the number of a column, found 1',
      { ...map, tagShifts: { a: 1 } },
    ],
    ['item.tagShifts["1"] should be a number', { ...map, tagShifts: { 1: 'much' } }],
    ['item.report should be an object or null, found nothing', { ...map, report: undefined }],
    [
      'item.report.eceAfter should be a number, found null',
      { ...map, report: { ...map.report, eceAfter: NaN } },
    ],
    [
      'item.report.bins[0].n should be a number',
      { ...map, report: { ...map.report, bins: [{ lower: 0, upper: 1 }] } },
    ],
  ])('refuses with: %s', (message, of) => {
    expect(() => read(of)).toThrow(
      expect.objectContaining({
        code: 'E_BUNDLE_FORMAT',
        message: expect.stringContaining(`b/calibration.json: ${message}`) as string,
      }),
    );
  });

  it('refuses text that is cut short, and spaces that it does not know', () => {
    expect(() => readCalibrations('{"item": {', 'c.json')).toThrow(/^c\.json: no JSON/);
    expect(() => readCalibrations('[]', 'c.json')).toThrow(
      'the calibration should be a JSON object, found []',
    );
    expect(() => readCalibrations('{"topic": {}}', 'c.json')).toThrow('topic should be one of item, user');
  });
});
