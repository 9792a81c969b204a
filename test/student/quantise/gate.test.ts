import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalibrationSample, mean, ndcg } from '../../../src/metrics/index.js';
import { probability, type Calibration } from '../../../src/bundle/calibration.js';
import { seededRandom } from '../../../src/core/random.js';
import { gateQuantisation, quantisationLosses } from '../../../student/quantise/gate.js';
import { itemFigures, type RankedItems } from '../../../student/quantise/item-figures.js';

const K = 10;
const N_TAGS = 40;
const CURVE: Calibration = { scale: 1, shift: -1, knots: [], tagShifts: {} };
/** Columns 0 to 9 are tail tags. */
const USES = Array.from({ length: N_TAGS }, (_, column) => (column < 10 ? 1 : 20));

interface Case {
  readonly ranked: RankedItems;
  readonly truths: Set<number>[];
}

/** Rankings in which the true tags, three of four an item, stand at random places. */
function randomCase(nItems: number, seed: number): Case {
  const random = seededRandom(seed);
  const columns = new Int32Array(nItems * K);
  const logits = new Float32Array(nItems * K);
  const truths = Array.from({ length: nItems }, (_, row) => {
    const tags = Array.from({ length: N_TAGS }, (_, column) => ({ column, at: random() }))
      .sort((a, b) => a.at - b.at)
      .slice(0, K);
    tags.forEach(({ column }, i) => {
      columns[row * K + i] = column;
      logits[row * K + i] = 2 - i / 2 + random() / 4;
    });
    return new Set([tags[0]!.column, tags[1]!.column, tags[Math.floor(random() * K)]!.column, -1 - row]);
  });
  return { ranked: { k: K, columns, logits, calibration: CURVE }, truths };
}

/** The same rankings, with the first `n` items' best tag moved to the last place. */
function spoil({ columns, ...rest }: RankedItems, n: number): RankedItems {
  const spoiled = columns.slice();
  for (let row = 0; row < n; row++) {
    const own = spoiled.subarray(row * K, (row + 1) * K);
    own.set([...own.slice(1), own[0]!]);
  }
  return { ...rest, columns: spoiled };
}

describe('itemFigures', () => {
  it('has means that are the figures of the list, ECE included', () => {
    const { ranked, truths } = randomCase(60, 1);
    const figures = itemFigures(ranked, { truths, uses: USES });
    const sample = new CalibrationSample<number>({ k: 10 });
    truths.forEach((truth, row) => {
      const ranking = [...ranked.columns.slice(row * K, (row + 1) * K)];
      expect(figures['nDCG@5'][row]).toBe(ndcg(ranking, truth, { k: 5 }));
      sample.add(ranking, truth, {
        probabilities: ranking.map((column, i) => probability(CURVE, ranked.logits[row * K + i]!, column)),
      });
    });
    expect(mean(figures['ECE@10']).value).toBeCloseTo(sample.error({ nBins: 15 }), 7);
  });

  it('counts the recall of tags with fewer than 5 training uses alone', () => {
    const { ranked } = randomCase(2, 2);
    const first = ranked.columns[0]!;
    const uses = Array.from({ length: N_TAGS }, (_, column) => (column === first ? 4 : 5));
    const truths = [new Set([first, ranked.columns[1]!]), new Set([ranked.columns[K]!])];
    const [tail, none] = itemFigures(ranked, { truths, uses })['tail recall@10'];
    expect(tail).toBe(1);
    expect(none).toBe(first === ranked.columns[K] ? 1 : NaN);
  });

  it('leaves out items that the teacher gave no tag', () => {
    const { ranked, truths } = randomCase(3, 3);
    truths[1] = new Set();
    for (const values of Object.values(itemFigures(ranked, { truths, uses: USES }))) {
      expect(values[1]).toBeNaN();
    }
  });
});

describe('quantisationLosses', () => {
  it('is 0 throughout for the same rankings', () => {
    const { ranked, truths } = randomCase(30, 4);
    for (const { loss, low, high } of quantisationLosses(ranked, ranked, { truths, uses: USES })) {
      expect([loss, low, high]).toEqual([0, 0, 0]);
    }
  });

  it('is the difference of the figures in points, and turns round with the sides', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 0, max: 40 }), (nItems, nSpoilt) => {
        const { ranked, truths } = randomCase(nItems, nItems);
        const other = spoil(ranked, Math.min(nItems, nSpoilt));
        const there = quantisationLosses(ranked, other, { truths, uses: USES });
        const back = quantisationLosses(other, ranked, { truths, uses: USES });
        there.forEach(({ figure, float32, int8, loss, low, high }, i) => {
          const sign = figure === 'ECE@10' ? -1 : 1;
          expect(loss).toBeCloseTo(100 * sign * (float32 - int8), 9);
          expect(back[i]!.loss).toBeCloseTo(-loss, 9);
          expect(low).toBeLessThanOrEqual(loss);
          expect(high).toBeGreaterThanOrEqual(loss);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('leaves out a figure that no item has', () => {
    const { ranked, truths } = randomCase(5, 5);
    const uses = USES.map(() => 20);
    const figures = quantisationLosses(ranked, ranked, { truths, uses }).map(({ figure }) => figure);
    expect(figures).toEqual(['P@1', 'P@5', 'nDCG@5', 'nDCG@10', 'ECE@10']);
    expect(quantisationLosses(ranked, ranked, { truths: truths.map(() => new Set()), uses })).toEqual([]);
  });

  it('refuses rankings of other items', () => {
    const { ranked, truths } = randomCase(5, 6);
    expect(() =>
      quantisationLosses(ranked, { ...ranked, columns: ranked.columns.slice(K) }, { truths, uses: USES }),
    ).toThrow('int8 has 40 tags and 50 logits, 5 items of 10 want 50');
  });
});

describe('gateQuantisation', () => {
  const lossesOf = (nItems: number, nSpoilt: number) => {
    const { ranked, truths } = randomCase(nItems, 7);
    return quantisationLosses(ranked, spoil(ranked, nSpoilt), { truths, uses: USES });
  };

  it('refuses a loss above the limit, with the figures and the way round', () => {
    expect(() => {
      gateQuantisation(lossesOf(400, 40), { space: 'item' });
    }).toThrow(
      expect.objectContaining({
        code: 'E_QUALITY_GATE',
        message: expect.stringMatching(
          /^int8 loses more than 0\.5 points: .*nDCG@5 of item tags \d+\.\d\d points \(0\.\d{4} to 0\.\d{4}; 95 % interval .*; 400 items\)/,
        ) as string,
        hint: expect.stringContaining('--float32') as string,
      }),
    );
  });

  it('allows what stays below the limit, and what the caller allows', () => {
    gateQuantisation(lossesOf(400, 0), { space: 'item', maxLoss: 0 });
    gateQuantisation(lossesOf(400, 40), { space: 'item', maxLoss: 30 });
  });

  it('does not let one item of a small set decide, but stops a gross loss there too', () => {
    const one = lossesOf(20, 1);
    expect(Math.max(...one.map(({ loss }) => loss))).toBeGreaterThan(0.5);
    gateQuantisation(one, { space: 'user' });
    expect(() => {
      gateQuantisation(lossesOf(20, 20), { space: 'user' });
    }).toThrow('of user tags');
  });

  it('lets a single item pass, which has no interval', () => {
    gateQuantisation(lossesOf(1, 1), { space: 'item' });
  });

  it.each([-1, NaN])('refuses the limit %d', (maxLoss) => {
    expect(() => {
      gateQuantisation([], { space: 'item', maxLoss });
    }).toThrow(expect.objectContaining({ code: 'E_BAD_OPTION' }));
  });
});
