import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Space } from '../../../src/core/space.js';
import { KindGuard } from '../../../src/tags/index.js';

const differ = (space: Space, a: string, b: string): string | null =>
  // Every word near every other: only the rules of kinds are left.
  new KindGuard({ space, areNear: () => true }).difference(a, b);

describe('KindGuard', () => {
  it.each([
    ['romance reader', 'romance author'],
    ['mother of a teenager', 'father of a teenager'],
    ['beginner guitarist', 'expert guitarist'],
    ['second grade teacher', 'third grade teacher'],
    ['former sorority member', 'sorority member'],
    ['american expatriate', 'expatriate'],
    ['mother of teenager', 'teenage mother'],
    ['child of alcoholic', 'alcoholic child'],
    ['young adult romance fan', 'adult romance fan'],
    ['irish literature reader', 'irish reader'],
    ['law student', 'law professor'],
  ])('keeps the user tags %j and %j apart', (a, b) => expect(differ('user', a, b)).not.toBeNull());

  it.each([
    ['world war i', 'world war ii'],
    ['1920s england', '1930s england'],
    ['fiction', 'non-fiction'],
    ['war', 'anti-war'],
    ['happy marriage', 'unhappy marriage'],
    ['legal thriller', 'illegal thriller'],
    ['utopia', 'dystopia'],
    ['fatherhood', 'motherhood'],
    ['police state', 'state police'],
    ['history of philosophy', 'philosophy of history'],
    ['memory loss', 'memory and loss'],
    ['science fiction', 'fiction'],
    ['love story', 'gay love story'],
    ['early 20th century', 'late 20th century'],
  ])('keeps the item tags %j and %j apart', (a, b) => expect(differ('item', a, b)).not.toBeNull());

  it.each([
    ['user', 'classics reader', 'classic literature reader'],
    ['user', 'film buff', 'movie fan'],
    ['user', 'romance reader', 'romance fan'],
    ['user', 'nostalgic adult reader', 'nostalgic adult'],
    ['user', 'fantasy author', 'fantasy writer'],
    ['item', 'small town life', 'small town'],
    ['item', 'good versus evil', 'good and evil'],
    ['item', 'father daughter relationship', 'father and daughter'],
    ['item', "father's death", 'death of father'],
    ['item', 'dark humor', 'dark comedy'],
  ] as const)('lets the %s tags %j and %j meet', (space, a, b) => expect(differ(space, a, b)).toBeNull());

  it('says what stands between two tags', () => {
    expect(differ('user', 'tired mother', 'tired father')).toBe('father / mother');
    expect(differ('item', '1920s', '1930s')).toMatch(/^number 19[23]0s$/);
    expect(differ('user', 'teacher', 'young teacher')).toBe('only one has young');
  });

  it('needs words without a partner to be near by their vectors', () => {
    const areNear = (a: string, b: string): boolean => [a, b].sort().join() === 'ancient,old';
    const guard = new KindGuard({ space: 'item', areNear });
    expect(guard.difference('ancient temple', 'ruined temple')).toBe('only one has ancient, ruined');
  });

  it('gives one answer whichever tag comes first, and none of a tag with itself', () => {
    const word = fc.constantFrom(
      ...'mother father of and science fiction young reader fan story life 1920s non-fiction adult teen 音乐 😀'.split(
        ' ',
      ),
    );
    const tag = fc.array(word, { maxLength: 5 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.constantFrom<Space>('item', 'user'), tag, tag, (space, a, b) => {
        expect(differ(space, a, b)).toBe(differ(space, b, a));
        expect(differ(space, a, a)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});
