import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseTag, splitExplanation } from '../../src/tags/index.js';

describe('normaliseTag', () => {
  it.each([
    ['  Violin  Lovers ', 'violin lovers'],
    ['1. violin', 'violin'],
    ['12) violin', 'violin'],
    ['(3) violin', 'violin'],
    ['- violin', 'violin'],
    ['• violin', 'violin'],
    ['1. - violin', 'violin'],
    ['"violin"', 'violin'],
    ['“violin”.', 'violin'],
    ['[violin]', 'violin'],
    ['**Violin**', 'violin'],
    ['violin;', 'violin'],
    ['vio\u200blin\u0000', 'violin'],
    ['VIOLIN\tPLAYER\n', 'violin player'],
    ['mother\u2011daughter', 'mother-daughter'],
    ['women’s fiction', "women's fiction"],
    ['ｓｃｉ－ｆｉ', 'sci-fi'],
    ['１．古典音乐。', '古典音乐'],
    ['一、古典音乐、', '古典音乐'],
    ['①古典音乐', '古典音乐'],
    ['「古典音乐」', '古典音乐'],
    ['（古典音乐）', '古典音乐'],
    ['古典音乐：喜欢交响乐和歌剧的听众们', '古典音乐'],
    ['**Symphonists**: people who live for the concert hall', 'symphonists'],
    ['symphonists - people who live for the concert hall', 'symphonists'],
    ['🎻 fans', '🎻 fans'],
    ['broken \ud83c pair', 'broken pair'],
  ])('turns %j into %j', (raw, tag) => expect(normaliseTag(raw)).toBe(tag));

  it.each([
    '1984',
    '1990s',
    '20th century',
    '3d printing',
    '2.5 stars',
    'c++',
    'c#',
    '.net'.slice(1),
    'u.s.',
    'rock & roll',
    'and/or',
    'sci-fi: space opera',
    'work - life',
    "children's classic",
    "teachers'",
    'coming of age (female)',
    '(a) or (b)',
    '3:10 trains',
    'a.i.',
  ])('leaves %j as it is', (tag) => expect(normaliseTag(tag)).toBe(tag));

  it.each(['', '  ', '...', '1. ', '"', '、。：', '**', '\u200b\u200d', '\ud800', '()'])(
    'gives nothing for %j',
    (raw) => expect(normaliseTag(raw)).toBe(''),
  );

  it('changes nothing the second time, whatever the text', () => {
    const piece = fc.constantFrom(
      '1.',
      '- ',
      '"',
      '“',
      '(',
      ')',
      '**',
      ': ',
      ' - ',
      '。',
      '、',
      'İ',
      'Σ',
      '①',
      'x',
      '音',
      '..',
      "'",
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 15 })
        .map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (raw) => {
        const tag = normaliseTag(raw);
        expect(normaliseTag(tag)).toBe(tag);
        expect(tag).not.toMatch(/^\s|\s$|[\p{Cc}\p{Cs}]/u);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['(', '"', '.', '1. ', '- ', ': ', '**', 'x ', '①', '\u200b'])(
    'takes a giant text made of %j in its stride',
    (unit) => expect(normaliseTag(`${unit.repeat(300_000)}x`).length).toBeGreaterThan(0),
  );
});

describe('splitExplanation', () => {
  it('takes a tail of four words or a whole sentence as an explanation', () => {
    expect(splitExplanation('violin: a small string instrument')).toEqual({
      tag: 'violin',
      explanation: 'a small string instrument',
    });
    expect(splitExplanation('violin: Plays well.').tag).toBe('violin');
  });

  it('keeps a short tail, which may be part of the tag', () => {
    expect(splitExplanation('sci-fi: space opera')).toEqual({
      tag: 'sci-fi: space opera',
      explanation: null,
    });
  });
});
