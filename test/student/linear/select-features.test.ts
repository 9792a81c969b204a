import { describe, expect, it } from 'vitest';
import { SparseRowsBuilder } from '../../../src/core/sparse.js';
import { fitBagEncoder } from '../../../src/features/fit-bag-encoder.js';
import { selectFeatures } from '../../../student/linear/select-features.js';

/** Wine and ships tell the tags apart; the other words stand in both. */
const TEXTS = Array.from({ length: 40 }, (_, i) =>
  [i % 2 === 0 ? 'wine' : 'ships', 'the', i % 3 === 0 ? 'old' : 'new', i % 5 === 0 ? 'red' : 'blue'].join(
    ' ',
  ),
);
const named = (() => {
  const builder = new SparseRowsBuilder();
  TEXTS.forEach((_, i) => {
    builder.push(i % 2, 1);
    builder.endRow();
  });
  return builder.finish(2);
})();
const encoder = fitBagEncoder(TEXTS, {
  ...{ wordNgrams: 1, maxWords: 10, leadWeight: 0, minTextsOfNgrams: 1, maxFeatures: 100 },
  tags: ['wine'],
});
const bags = TEXTS.map((text) => encoder.encode(text));

describe('selectFeatures', () => {
  it('keeps the features that tell tags apart', async () => {
    const kept = await selectFeatures(encoder, bags, named, { nKept: 2, seed: 1 });
    const only = fitBagEncoder(['wine ships'], { ...encoder.options, minTextsOfNgrams: 1, maxFeatures: 9 });
    expect(kept.table.hashes).toEqual(only.table.hashes);
    expect(kept.encode('the old wine').ids).toHaveLength(1);
  });

  it('keeps their rarity and the stems of tags', async () => {
    const kept = await selectFeatures(encoder, bags, named, { nKept: 3, seed: 1 });
    kept.table.hashes.forEach((hash, row) =>
      expect(kept.table.idf[row]).toBe(encoder.table.idf[encoder.table.hashes.indexOf(hash)]),
    );
    expect(kept.table.stems).toEqual(encoder.table.stems);
  });

  it('leaves an encoder that is small enough as it is', async () => {
    expect(await selectFeatures(encoder, bags, named, { nKept: 100, seed: 1 })).toBe(encoder);
  });
});
