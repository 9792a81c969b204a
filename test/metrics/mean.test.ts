import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, Mean } from '../../src/metrics/index.js';

describe('mean', () => {
  it('leaves out NaN and counts what it left out', () => {
    expect(mean([1, NaN, 2, NaN, NaN])).toMatchObject({ n: 2, nLeftOut: 3, value: 1.5 });
  });

  it('is NaN, not 0, when nothing counts', () => {
    expect(new Mean().value).toBeNaN();
    expect(mean([NaN])).toMatchObject({ n: 0, nLeftOut: 1 });
    expect(mean([NaN]).value).toBeNaN();
  });

  it('does not change when NaN is mixed in', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (values) => {
        expect(mean(values.flatMap((value) => [NaN, value])).value).toBe(mean(values).value);
      }),
    );
  });

  it('takes typed arrays', () => {
    expect(mean(new Float32Array([0.5, NaN, 1])).value).toBe(0.75);
  });
});
