import { describe, expect, it } from 'vitest';
import { probability, sigmoid } from '../../../src/bundle/calibration.js';
import { normal, seededRandom } from '../../../src/core/random.js';
import { fitCalibration, type CalibrationItems } from '../../../student/calibrate/fit-calibration.js';

const K = 10;

/** Items whose tags are named with the chance `chance(logit, column)`. */
function itemsOf(
  n: number,
  chance: (logit: number, column: number) => number,
  { nTags = 30, seed = 6 } = {},
): CalibrationItems {
  const random = seededRandom(seed);
  const logits = Float32Array.from({ length: n * K }, () => 1.5 * normal(random) - 1);
  const columns = Int32Array.from({ length: n * K }, () => Math.floor(random() * nTags));
  const named = Uint8Array.from(logits, (logit, i) => (random() < chance(logit, columns[i]!) ? 1 : 0));
  return { k: K, logits, columns, named, foldKeys: Array.from({ length: n }, (_, i) => `item-${i}`) };
}

describe('fitCalibration', () => {
  it('is a logistic curve where a logistic curve is the truth', () => {
    const { scale, shift, report } = fitCalibration(itemsOf(1000, (x) => sigmoid(0.5 * x + 1)));
    expect(report.stages).toEqual(['logistic']);
    expect(scale).toBeCloseTo(0.5, 1);
    expect(shift).toBeCloseTo(1, 1);
    expect(report.eceAfter).toBeLessThan(0.03);
    expect(report.eceBefore).toBeGreaterThan(0.1);
    expect(report.logLossAfter).toBeLessThan(report.logLossBefore);
  });

  it('adds isotonic regression where the curve bends otherwise', () => {
    const { knots, report } = fitCalibration(itemsOf(1000, (x) => (x < -1 ? 0.05 : x < 0.5 ? 0.5 : 0.55)));
    expect(report.stages).toEqual(['logistic', 'isotonic']);
    expect(knots.length).toBeGreaterThan(1);
  });

  it('adds shifts of tags where tags differ, and lowers the loss on new items', () => {
    const chance = (x: number, column: number): number => sigmoid(x + (column % 3) * 1.5 - 1.5);
    const items = itemsOf(1000, chance);
    const calibration = fitCalibration(items);
    expect(calibration.report.stages).toContain('tag shifts');
    expect(calibration.tagShifts[2]! - calibration.tagShifts[0]!).toBeGreaterThan(2);
    const fresh = itemsOf(500, chance, { seed: 60 });
    const error = (shifts: Readonly<Record<number, number>>): number =>
      fresh.logits.reduce((sum, x, i) => {
        const column = fresh.columns[i]!;
        const p = probability({ ...calibration, tagShifts: shifts }, x, column);
        return sum + Math.abs(p - chance(x, column));
      }, 0);
    expect(error(calibration.tagShifts)).toBeLessThan(error({}) / 2);
  });

  it('adds no stage on few items', () => {
    const { report } = fitCalibration(itemsOf(49, (_, column) => (column % 2 === 0 ? 0.9 : 0.1)));
    expect(report.stages).toEqual(['logistic']);
  });

  it('takes items of one group as one: what only repeats within groups is no evidence', () => {
    const random = seededRandom(8);
    const nGroups = 60;
    const groupItems = itemsOf(600, () => 0.5, { nTags: 600 });
    const luck = Array.from({ length: nGroups }, () => (random() < 0.5 ? 0.9 : 0.1));
    const columns = groupItems.columns.map((_, i) => Math.floor(i / K) % nGroups);
    const named = Uint8Array.from(columns, (column) => (random() < luck[column]! ? 1 : 0));
    const items = { ...groupItems, columns, named };
    const foldKeys = items.foldKeys.map((_, row) => `group-${row % nGroups}`);
    expect(fitCalibration(items).report.stages).toContain('tag shifts');
    expect(fitCalibration({ ...items, foldKeys }).report.stages).not.toContain('tag shifts');
  });

  it('counts each of the first 10 predictions of an item once in its bins', () => {
    const { bins, nItems, eceK } = fitCalibration(itemsOf(200, (x) => sigmoid(x))).report;
    expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(nItems * eceK);
    for (const { lower, upper, meanProbability } of bins) {
      expect(meanProbability).toBeGreaterThanOrEqual(lower);
      expect(meanProbability).toBeLessThanOrEqual(upper);
    }
  });

  it('gives the same map again for the same items', () => {
    const items = itemsOf(300, (x) => sigmoid(2 * x));
    expect(fitCalibration(items)).toEqual(fitCalibration(items));
  });

  it.each([
    ['all tags were named', 300, 1],
    ['no tag was named', 300, 0],
    ['there is one item', 1, 0.5],
  ])('has finite figures where %s', (_, n, chance) => {
    const calibration = fitCalibration(itemsOf(n, () => chance));
    const { eceBefore, eceAfter, logLossBefore, logLossAfter } = calibration.report;
    for (const figure of [eceBefore, eceAfter, logLossBefore, logLossAfter]) expect(figure).not.toBeNaN();
    const p = probability(calibration, -1, 0);
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1);
    expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration);
  });

  it('refuses no items, a logit that is no number, and arrays that do not fit', () => {
    const items = itemsOf(3, () => 0.5);
    const none = { ...items, logits: new Float32Array(), columns: new Int32Array(), named: new Uint8Array() };
    expect(() => fitCalibration({ ...none, foldKeys: [] })).toThrow(
      expect.objectContaining({ code: 'E_NO_ROWS' }),
    );
    expect(() => fitCalibration({ ...items, named: items.named.slice(1) })).toThrow(
      '30 logits, 30 columns and 29 marks do not make 3 items of 10 tags',
    );
    const logits = items.logits.slice();
    logits[12] = NaN;
    expect(() => fitCalibration({ ...items, logits })).toThrow('the logit of tag 2 of item "item-1" is NaN');
  });
});
