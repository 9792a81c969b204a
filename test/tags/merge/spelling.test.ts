import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTags } from '../../../src/tags/index.js';

const merge = (...tags: string[]): string[] => {
  const { canonicalOf } = mergeTags(new Map(tags.map((tag, i) => [tag, tags.length - i])));
  return tags.map((tag) => canonicalOf.get(tag)!);
};

describe('mergeTags', () => {
  it.each([
    ['mother-daughter relationship', 'mother daughter relationship'],
    ['book_club member', 'book club members'],
    ['sci-fi/fantasy', 'sci fi fantasy'],
    ['rock & roll', 'rock and roll'],
    ['the great depression', 'great depression'],
    ['Violin', 'violin', 'VIOLINS', '1. violin'],
    ['movie', 'movies'],
    ['love story', 'love stories'],
    ['shoe', 'shoes'],
    ['hero', 'heroes'],
    ['witch', 'witches'],
    ['fairy tale', 'fairy tales'],
    ['working mother', 'working mothers'],
    ['strong woman', 'strong women'],
    ['wolf', 'wolves'],
    ['midwife', 'midwives'],
    ['zoo', 'zoos'],
    ['ghost town', 'the ghost-towns.'],
    ["women's fiction", 'women’s fiction'],
    ['古典音乐', '古典音乐。'],
    ['acg爱好者', 'ＡＣＧ爱好者'],
    ['colour theory', 'color theory'],
    ['theatre lover', 'theater lover'],
    ['organised crime', 'organized crime'],
    ['travelling salesman', 'traveling salesman'],
    ['nonfiction', 'non-fiction'],
    ['fairytale', 'fairy tale'],
    ['eighteenth century', '18th-century'],
    ['world war two', 'World War II', 'wwii', 'second world war'],
    ['sci-fi fan', 'science fiction fan'],
    ['banned books reader', 'banned book reader'],
    ['mothers and daughters', 'mother and daughter', 'daughters & mothers'],
    ['history of science', 'science history'],
    ['traveler to italy', 'italy traveller'],
    ["children's classics", 'childrens classic'],
    ['constructor', 'constructors'],
  ])('merges %j with its other spellings', (...tags) =>
    expect(new Set(merge(...tags))).toEqual(new Set([tags[0]])),
  );

  it.each([
    ['vitamin a', 'vitamin'],
    ['1990s', '1990'],
    ['olives', 'olive oil'],
    ['princess', 'prince'],
    ['boss', 'bo'],
    ['virus', 'viru'],
    ['古典音乐', '古典'],
    ['child of an alcoholic', 'alcoholic child'],
    ['teenage mother', 'mother of teenager'],
    ['news reader', 'new reader'],
    ['world war i', 'world war ii'],
    ['19th century', '20th century'],
    ['level 1 2', 'level 12'],
    ['...', '"'],
  ])('keeps %j apart from %j', (...tags) => expect(merge(...tags)).toEqual(tags));

  it('prints the most frequent surface form, ties in code point order', () => {
    const of = (counts: [string, number][]): string | undefined =>
      mergeTags(new Map(counts)).canonicalOf.get('Cats');
    expect(
      of([
        ['Cats', 2],
        ['cats', 3],
      ]),
    ).toBe('cats');
    expect(
      of([
        ['cats', 2],
        ['Cats', 2],
      ]),
    ).toBe('Cats');
  });

  it('prints a clean form rather than one with list marks, even where that is more frequent', () => {
    expect(
      mergeTags(
        new Map([
          ['1. cat', 9],
          ['Cat', 1],
        ]),
      ).canonicalOf.get('1. cat'),
    ).toBe('Cat');
    expect(mergeTags(new Map([['1. Cat', 9]])).canonicalOf.get('1. Cat')).toBe('cat');
  });

  const word = fc.constantFrom(
    'cat',
    'cats',
    'Cat',
    'the',
    'a',
    'story',
    'stories',
    '-',
    '&',
    'and',
    '1.',
    '😀',
    '音',
    '。',
  );
  const tag = fc.oneof(
    fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
    fc.string({ maxLength: 4 }),
  );
  const counts = fc.uniqueArray(fc.tuple(tag, fc.integer({ min: 1, max: 5 })), { selector: ([raw]) => raw });

  it('throws no tag away, and changes nothing the second time', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const { canonicalOf } = mergeTags(new Map(given));
        expect(new Set(canonicalOf.keys())).toEqual(new Set(given.map(([raw]) => raw)));
        const merged = new Map<string, number>();
        for (const [raw, count] of given) {
          merged.set(canonicalOf.get(raw)!, (merged.get(canonicalOf.get(raw)!) ?? 0) + count);
        }
        for (const [raw, canonical] of mergeTags(merged).canonicalOf) expect(canonical).toBe(raw);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same table and hash in whatever order tags come', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const forward = mergeTags(new Map(given));
        const backward = mergeTags(new Map([...given].reverse()));
        expect(backward.hash).toBe(forward.hash);
        expect(backward.canonicalOf).toEqual(forward.canonicalOf);
      }),
    );
  });

  it('gives another hash when one tag goes elsewhere', () => {
    const one = mergeTags(
      new Map([
        ['cats', 2],
        ['cat', 1],
      ]),
    );
    const other = mergeTags(
      new Map([
        ['cats', 1],
        ['cat', 2],
      ]),
    );
    expect(one.hash).not.toBe(other.hash);
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
