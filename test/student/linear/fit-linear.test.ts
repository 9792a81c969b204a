import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/random.js';
import { SparseRowsBuilder, type SparseRows } from '../../../src/core/sparse.js';
import type { Bag } from '../../../src/features/bag-encoder.js';
import { fitLinear } from '../../../student/linear/fit-linear.js';

const N_ITEMS = 60;
const N_FEATURES = 9;
const N_TAGS = 5;
const random = seededRandom(4);
const bags: Bag[] = Array.from({ length: N_ITEMS }, () => {
  const ids = Array.from({ length: N_FEATURES }, (_, i) => i).filter(() => random() < 0.4);
  return {
    ids: Int32Array.from(ids),
    weights: Float32Array.from(ids, () => 2 * random() - 0.5),
    stems: new Int32Array(0),
  };
});
const named = namedAtRandom();

function namedAtRandom(): SparseRows {
  const builder = new SparseRowsBuilder();
  for (let item = 0; item < N_ITEMS; item++) {
    // The last tag is named nowhere.
    for (let tag = 0; tag < N_TAGS - 1; tag++) if (random() < 0.3) builder.push(tag, 0.5 + random());
    builder.endRow();
  }
  return builder.finish(N_TAGS);
}

/**
 * The gradient of half the squared weights plus cost times the squared excess of each item's margin below 1, which is 0
 * at the optimum and nowhere else; shape [nFeatures + 1], the last of the bias.
 */
function primalGradient(weights: Float64Array, tag: number, cost: number): Float64Array {
  const gradient = weights.slice();
  bags.forEach(({ ids, weights: values }, item) => {
    let [sign, itemCost] = [-1, cost];
    for (let i = named.offsets[item]!; i < named.offsets[item + 1]!; i++) {
      if (named.indices[i] === tag) [sign, itemCost] = [1, cost * named.values[i]!];
    }
    let margin = weights[N_FEATURES]!;
    ids.forEach((id, i) => (margin += values[i]! * weights[id]!));
    const pull = 2 * itemCost * sign * Math.max(0, 1 - sign * margin);
    ids.forEach((id, i) => (gradient[id]! -= pull * values[i]!));
    gradient[N_FEATURES]! -= pull;
  });
  return gradient;
}

describe('fitLinear', () => {
  it.each([0.25, 1])(
    "ends where the primal's gradient is nought, at cost %f, for every tag",
    async (cost) => {
      const { weights, bias } = await fitLinear(bags, named, {
        nFeatures: N_FEATURES,
        seed: 1,
        cost,
        sweeps: 400,
      });
      for (let tag = 0; tag < N_TAGS; tag++) {
        const own = Float64Array.from([
          ...Array.from({ length: N_FEATURES }, (_, feature) => weights[feature * N_TAGS + tag]!),
          bias[tag]!,
        ]);
        expect(Math.hypot(...own)).toBeGreaterThan(0.1);
        for (const slope of primalGradient(own, tag, cost)) expect(Math.abs(slope)).toBeLessThan(1e-3);
      }
    },
  );

  it('gives the same weights for the same seed', async () => {
    const options = { nFeatures: N_FEATURES, seed: 3, sweeps: 2 };
    const [once, again, other] = await Promise.all(
      [options, options, { ...options, seed: 4 }].map((given) => fitLinear(bags, named, given)),
    );
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('refuses a bag that names no feature', async () => {
    await expect(fitLinear(bags, named, { nFeatures: 3, seed: 1 })).rejects.toMatchObject({
      code: 'E_BAD_INPUT',
      message: expect.stringContaining('there are 3 rows') as string,
    });
  });

  it('stops when told', async () => {
    const stopped = fitLinear(bags, named, { nFeatures: N_FEATURES, seed: 1, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});
