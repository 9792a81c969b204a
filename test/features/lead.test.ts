import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashPair, hashWord } from '../../src/features/feature-hash.js';
import { fitBagEncoder } from '../../src/features/fit-bag-encoder.js';
import { leadOf } from '../../src/features/lead.js';
import { forEachFeature, type FeatureSection } from '../../src/features/text-features.js';

const OPTIONS = { wordNgrams: 2, maxWords: 2048, leadWeight: 1 };

function hashesOf(text: string, section: FeatureSection): Set<number> {
  const found = new Set<number>();
  forEachFeature(text, OPTIONS, (hash, of) => {
    if (of === section) found.add(hash);
  });
  return found;
}

describe('leadOf', () => {
  it.each([
    ['ends at the end of a sentence', 'The Red House. A story of wine.', 'The Red House'],
    ['ends at a question or an exclamation', 'Who is there? Nobody.', 'Who is there'],
    ['ends at a line break', 'The Red House\nA story of wine.', 'The Red House'],
    ['ends at the end of a Chinese sentence', '红房子。一个关于酒的故事。', '红房子'],
    ['keeps a dot that ends no sentence', 'Version 2.5 of it. More.', 'Version 2.5 of it'],
    ['is the whole of a short text without an end', 'the red house', 'the red house'],
    ['passes over spaces and line breaks at the start', ' \n\t The Red House. More.', 'The Red House'],
    ['is empty for an empty text', '', ''],
    ['keeps a dot at the very end', 'The Red House.', 'The Red House.'],
  ])('%s', (_, text, lead) => {
    expect(leadOf(text)).toBe(lead);
  });

  it('cuts a long text without an end after 160 units', () => {
    expect(leadOf('wine '.repeat(1000))).toBe('wine '.repeat(32));
  });

  it('takes any string, and gives a part of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const lead = leadOf(text);
        expect(text).toContain(lead);
        expect(lead.length).toBeLessThanOrEqual(160);
      }),
    );
  });
});

describe('forEachFeature, with the lead', () => {
  it("marks the lead's words apart from the same words in the text", () => {
    const text = hashesOf('red house', 'text');
    const lead = hashesOf('red house', 'lead');
    expect(text).toEqual(
      new Set([hashWord('red'), hashWord('house'), hashPair(hashWord('red'), hashWord('house'))]),
    );
    expect([...lead].filter((hash) => text.has(hash))).toEqual([]);
  });

  it('reads words after the lead as text alone', () => {
    expect(hashesOf('Red house. Wine.', 'lead')).toEqual(hashesOf('Red house', 'lead'));
    expect(hashesOf('Red house. Wine.', 'text').has(hashWord('wine'))).toBe(true);
  });

  it('finds pieces of 3 to 5 characters, framed, so that kin words share some', () => {
    const pieces = (word: string): Set<number> => hashesOf(word, 'lead');
    // <ab>: of 3 characters "<ab" and "ab>", of 4 "<ab>"; and the word itself.
    expect(pieces('ab').size).toBe(4);
    const shared = [...pieces('vineyard')].filter((hash) => pieces('vineyards').has(hash));
    expect(shared.length).toBeGreaterThan(10);
  });

  it('adds nothing when the lead is off', () => {
    const sections = new Set<FeatureSection>();
    forEachFeature('red house', { ...OPTIONS, leadWeight: 0 }, (_, section) => sections.add(section));
    expect([...sections]).toEqual(['text']);
  });
});

describe('BagEncoder, with the lead', () => {
  it('weighs text and lead to length 1 each, however long the text is', () => {
    const encoder = fitBagEncoder(['red house. wine and grapes', 'red door. wine', 'a b c d e f'], {
      ...OPTIONS,
      minTextsOfNgrams: 1,
      maxFeatures: 1e6,
    });
    for (const text of ['Red house. Wine.', `Red house. ${'wine grapes a b c '.repeat(50)}`]) {
      const { ids, weights } = encoder.encode(text);
      const lead = hashesOf(text, 'lead');
      const squares = { text: 0, lead: 0 };
      ids.forEach((id, i) => {
        squares[lead.has(encoder.table.hashes[id]!) ? 'lead' : 'text'] += weights[i]! ** 2;
      });
      expect(squares.text).toBeCloseTo(1, 5);
      expect(squares.lead).toBeCloseTo(1, 5);
    }
  });
});
