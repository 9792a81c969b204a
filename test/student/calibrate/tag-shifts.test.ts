import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../src/bundle/calibration.js';
import { seededRandom } from '../../../src/core/random.js';
import { fitTagShifts, shiftLogits, type Predictions } from '../../../student/calibrate/tag-shifts.js';

const CURVE = { scale: 0.5, shift: -0.2 };

/** Tags with `n` predictions each, whose logits should gain `shift`. */
function predictionsOf(tags: readonly { readonly n: number; readonly shift: number }[]): Predictions {
  const random = seededRandom(5);
  const cells = tags.flatMap(({ n, shift }, column) =>
    Array.from({ length: n }, () => {
      const logit = 6 * random() - 3;
      const isNamed = random() < sigmoid(CURVE.scale * (logit + shift) + CURVE.shift);
      return { logit, column, named: isNamed ? 1 : 0 };
    }),
  );
  return {
    logits: Float32Array.from(cells, ({ logit }) => logit),
    columns: Int32Array.from(cells, ({ column }) => column),
    named: Uint8Array.from(cells, ({ named }) => named),
  };
}

describe('fitTagShifts', () => {
  it('finds the shifts that outcomes were drawn with', () => {
    const shifts = fitTagShifts(
      predictionsOf([
        { n: 5000, shift: 0 },
        { n: 5000, shift: 2 },
        { n: 5000, shift: -3 },
      ]),
      CURVE,
      1,
    );
    expect(shifts[0] ?? 0).toBeCloseTo(0, 0);
    expect(Math.abs(shifts[1]! - 2)).toBeLessThan(0.3);
    expect(Math.abs(shifts[2]! + 3)).toBeLessThan(0.3);
  });

  it('moves tags seen seldom less, a stronger prior still less, and tags hardly seen not at all', () => {
    const always = (n: number): Predictions => ({
      logits: new Float32Array(n),
      columns: new Int32Array(n),
      named: new Uint8Array(n).fill(1),
    });
    const shiftOf = (n: number, precision: number): number =>
      fitTagShifts(always(n), CURVE, precision)[0] ?? 0;
    expect(shiftOf(4, 4)).toBe(0);
    expect(shiftOf(5, 4)).toBeGreaterThan(0);
    expect(shiftOf(50, 4)).toBeGreaterThan(shiftOf(5, 4));
    expect(shiftOf(50, 64)).toBeLessThan(shiftOf(50, 4));
    expect(shiftOf(5000, 4)).toBeLessThan(100);
  });

  it('shifts nothing where logits say nothing', () => {
    expect(fitTagShifts(predictionsOf([{ n: 100, shift: 2 }]), { scale: 0, shift: -1 }, 1)).toEqual({});
  });
});

describe('shiftLogits', () => {
  it('adds to each logit the shift of its tag', () => {
    const predictions = {
      logits: Float32Array.of(1, 2, 3),
      columns: Int32Array.of(7, 8, 7),
      named: new Uint8Array(3),
    };
    expect([...shiftLogits(predictions, { 7: 0.5 })]).toEqual([1.5, 2, 3.5]);
  });
});
