import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readStaticEncoder } from '../../../src/features/read-static-encoder.js';
import {
  canonicalCounts,
  checkDecisions,
  mergeSemantic,
  mergeTags,
  type Decision,
  type SemanticAliases,
} from '../../../src/tags/index.js';

let vectorOf: (tag: string) => Float32Array;
beforeAll(async () => {
  const { encoder } = await readStaticEncoder('exports/encoders/minilm-static');
  vectorOf = (tag) => encoder.vector(tag);
});

const merge = (
  counts: Readonly<Record<string, number>>,
  decisions: readonly Decision[] = [],
): SemanticAliases => {
  const given = new Map(Object.entries(counts));
  const options = { space: 'user', vectorOf, decisions: checkDecisions(decisions, 'd.jsonl') } as const;
  return mergeSemantic(mergeTags(given), given, options);
};
const user = { space: 'user' } as const;

describe('mergeSemantic', () => {
  it('merges tags of one meaning, prints the most used one, and brings spellings along', () => {
    const { canonicalOf, merges } = merge({
      'film buff': 2,
      'Movie buffs': 5,
      'movie buff': 4,
      'film-buff': 1,
    });
    expect(new Set(canonicalOf.values())).toEqual(new Set(['Movie buffs']));
    expect(merges).toMatchObject([
      { tag: 'film buff', canonical: 'Movie buffs', reason: 'semantic', uses: 3 },
    ]);
  });

  it('keeps near tags of different kinds apart, and says why', () => {
    const { canonicalOf, nearMisses } = merge({ 'divorced mother': 3, 'divorced father': 2 });
    expect(canonicalOf.get('divorced father')).toBe('divorced father');
    expect(nearMisses).toMatchObject([
      { a: 'divorced mother', b: 'divorced father', because: 'father / mother' },
    ]);
  });

  it('says of each raw tag how it came to its canonical one', () => {
    const { aliases } = merge({ 'movie buff': 5, 'Movie buff': 1, 'film buff': 2, '...': 1 });
    expect(aliases.map(({ raw, reason }) => [raw, reason])).toEqual([
      ['...', 'same'],
      ['Movie buff', 'spelling'],
      ['film buff', 'semantic'],
      ['movie buff', 'same'],
    ]);
    expect(aliases.find(({ raw }) => raw === 'film buff')!.similarity).toBeGreaterThan(0.65);
  });

  it('joins what a decision joins, however far, and keeps apart what it keeps apart', () => {
    const counts = { bookworm: 3, 'avid reader': 5, 'film buff': 2, 'movie buff': 4 };
    const { canonicalOf, merges, nearMisses } = merge(counts, [
      { ...user, a: 'bookworm', b: 'avid reader', same: true },
      { ...user, a: 'film buff', b: 'movie buff', same: false },
    ]);
    expect(canonicalOf.get('bookworm')).toBe('avid reader');
    expect(merges).toMatchObject([{ tag: 'bookworm', reason: 'decision', similarity: null }]);
    expect(canonicalOf.get('film buff')).toBe('film buff');
    expect(nearMisses).toMatchObject([{ because: 'decision' }]);
  });

  it('takes two spellings apart where a decision says so', () => {
    const { canonicalOf } = merge({ 'arts student': 5, 'art student': 3, 'Arts student': 1 }, [
      { ...user, a: 'art student', b: 'arts student', same: false },
    ]);
    expect(canonicalOf.get('art student')).toBe('art student');
    expect(canonicalOf.get('Arts student')).toBe('arts student');
  });

  it('prints a group as a decision says, even in a form that no item has', () => {
    const { canonicalOf } = merge({ 'film buff': 2, 'movie buff': 4, 'movie nut': 1 }, [
      { ...user, tag: 'film buff', canonical: 'cinephile' },
      { ...user, tag: 'movie nut', canonical: 'cinephile' },
    ]);
    expect(new Set(canonicalOf.values())).toEqual(new Set(['cinephile']));
  });

  it('refuses decisions that contradict one another through spellings, with the line', () => {
    const act = (): unknown =>
      merge({ cat: 2, dog: 1, cats: 1 }, [
        { ...user, a: 'cat', b: 'dog', same: true, line: 1 },
        { ...user, a: 'Cats!', b: 'dog', same: false, line: 2 },
      ]);
    expect(act).toThrow(/d\.jsonl:2: "Cats!" and "dog" are not the same here/);
  });

  it('counts decisions on tags that are not here', () => {
    expect(merge({ cat: 1 }, [{ ...user, a: 'cat', b: 'unicorn', same: true }]).nUnusedDecisions).toBe(1);
  });

  it('leaves decisions of the other space alone', () => {
    const { canonicalOf } = merge({ cat: 1, dog: 1 }, [{ space: 'item', a: 'cat', b: 'dog', same: true }]);
    expect(canonicalOf.get('dog')).toBe('dog');
  });

  it('compares only the most used tags where there are more than maxTags', () => {
    const given = new Map([
      ['nurse', 9],
      ['movie buff', 2],
      ['film buff', 1],
    ]);
    const { canonicalOf, nCompared } = mergeSemantic(mergeTags(given), given, {
      space: 'user',
      vectorOf,
      maxTags: 2,
    });
    expect(nCompared).toBe(2);
    expect(canonicalOf.get('film buff')).toBe('film buff');
  });

  it('refuses a threshold that is no cosine', () => {
    const given = new Map([['cat', 1]]);
    const act = (): unknown =>
      mergeSemantic(mergeTags(given), given, { space: 'user', vectorOf, threshold: NaN });
    expect(act).toThrow(/threshold is NaN/);
  });

  it('does nothing to no tags', () => expect(merge({}).aliases).toEqual([]));

  const word = fc.constantFrom(
    ...'movie film fan lover buff young teen teenager mother of reader the fans child kid 1. 音乐 😀'.split(
      ' ',
    ),
  );
  const tag = fc.oneof(
    { weight: 5, arbitrary: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
  );
  const counts = fc.uniqueArray(fc.tuple(tag, fc.integer({ min: 1, max: 5 })), {
    selector: ([raw]) => raw,
    maxLength: 25,
  });
  const table = (given: ReadonlyMap<string, number>): SemanticAliases =>
    mergeSemantic(mergeTags(given), given, { space: 'user', vectorOf });

  it('throws no tag away, and merging what was merged changes nothing', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const first = table(new Map(given));
        expect([...first.canonicalOf.keys()].sort()).toEqual(given.map(([raw]) => raw).sort());
        const folded = canonicalCounts(first, new Map(given));
        for (const [raw, canonical] of table(folded).canonicalOf) expect(canonical).toBe(raw);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same table and hash in whatever order tags come', () => {
    fc.assert(
      fc.property(counts, (given) => {
        expect(table(new Map([...given].reverse()))).toEqual(table(new Map(given)));
      }),
      { numRuns: 100 },
    );
  });

  it('joins only tags that are as near as the threshold to the one that is printed', () => {
    fc.assert(
      fc.property(counts, (given) => {
        for (const { similarity } of table(new Map(given)).merges)
          expect(similarity).toBeGreaterThanOrEqual(0.65);
      }),
      { numRuns: 100 },
    );
  });
});
