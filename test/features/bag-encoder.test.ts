import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { padBags } from '../../src/features/bag-encoder.js';
import { HashIndex, hashPair, hashWord } from '../../src/features/feature-hash.js';
import { fitBagEncoder } from '../../src/features/fit-bag-encoder.js';
import { MAX_TEXT_UNITS, splitWords } from '../../src/features/words.js';

const OPTIONS = { wordNgrams: 2, maxWords: 2048, leadWeight: 0, minTextsOfNgrams: 1, maxFeatures: 1e6 };

describe('splitWords', () => {
  it('folds case and compatibility forms, and drops punctuation and emoji', () => {
    expect(splitWords('Ｔｈｅ Café, the CAFÉ! 🧑‍🏫 ﬁn 42')).toEqual([
      'the',
      'café',
      'the',
      'café',
      'fin',
      '42',
    ]);
  });

  it('lets Han, kana and Thai characters stand alone', () => {
    expect(splitWords('历史老师 ABC中')).toEqual(['历', '史', '老', '师', 'abc', '中']);
  });

  it('reads no more than the first 65,536 units of a giant text', () => {
    expect(splitWords('ab '.repeat(1_000_000)).length).toBe(Math.ceil(MAX_TEXT_UNITS / 3));
  });

  it('takes any string, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => splitWords(text).every((word) => word !== '')),
    );
    expect(splitWords('a\ud800b')).toEqual(['a', 'b']);
  });
});

describe('HashIndex', () => {
  it('finds each hash at its place and no other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 })),
        fc.integer({ min: 1 }),
        (keys, other) => {
          const index = new HashIndex(Uint32Array.from(keys));
          keys.forEach((key, row) => expect(index.find(key)).toBe(row));
          if (!keys.includes(other)) expect(index.find(other)).toBe(-1);
        },
      ),
    );
  });

  it('tells the order of a pair', () => {
    expect(hashPair(hashWord('new'), hashWord('york'))).not.toBe(hashPair(hashWord('york'), hashWord('new')));
  });
});

describe('fitBagEncoder', () => {
  it('weighs by the formula: (1 + ln tf) * idf, then to length 1', () => {
    const encoder = fitBagEncoder(['a a b', 'b'], { ...OPTIONS, wordNgrams: 1 });
    const { ids, weights } = encoder.encode('a a b');
    const [a, b] = [(1 + Math.log(2)) * (Math.log(3 / 2) + 1), Math.log(3 / 3) + 1];
    const length = Math.hypot(a, b);
    expect(Array.from(ids, (id) => encoder.table.hashes[id])).toEqual([hashWord('a'), hashWord('b')]);
    expect(weights[0]).toBeCloseTo(a / length, 6);
    expect(weights[1]).toBeCloseTo(b / length, 6);
  });

  it('does not depend on the order of the texts', () => {
    const texts = ['the red house', 'a red door', '红 房子'];
    const [one, other] = [fitBagEncoder(texts, OPTIONS), fitBagEncoder([...texts].reverse(), OPTIONS)];
    expect(other.table).toEqual(one.table);
  });

  it('leaves out n-grams of too few texts, and keeps the most used ones up to the limit', () => {
    const texts = ['x y', 'x z', 'x y'];
    // x, y, z and "x y"; "x z" stands in one text alone.
    expect(fitBagEncoder(texts, { ...OPTIONS, minTextsOfNgrams: 2 }).nFeatures).toBe(4);
    const one = fitBagEncoder(texts, { ...OPTIONS, wordNgrams: 1, maxFeatures: 1 });
    expect([...one.table.hashes]).toEqual([hashWord('x')]);
  });

  it('gives an empty bag for a text without known words, and the same bag again for the same text', () => {
    const encoder = fitBagEncoder(['red house'], OPTIONS);
    expect(encoder.encode('???').ids.length).toBe(0);
    expect(encoder.encode('red red house')).toEqual(encoder.encode('red red house'));
  });

  it('knows nothing when fitted on no text', () => {
    expect(fitBagEncoder([], OPTIONS).encode('anything').ids.length).toBe(0);
  });
});

describe('padBags', () => {
  it('fills with row 0 at weight 0, to a width of at least 1', () => {
    const bag = { ids: Int32Array.of(4, 5), weights: Float32Array.of(0.5, 0.25), stems: Int32Array.of(7) };
    const empty = { ids: new Int32Array(), weights: new Float32Array(), stems: new Int32Array() };
    expect(padBags([empty], 9)).toMatchObject({ nRows: 1, width: 1, stemWidth: 1 });
    const { ids, weights, stems } = padBags([empty, bag], 9);
    expect([...ids]).toEqual([0, 0, 4, 5]);
    expect([...weights]).toEqual([0, 0, 0.5, 0.25]);
    expect([...stems]).toEqual([9, 7]);
  });
});
