import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extendAliases, spellingAliases } from '../../../src/tags/library/extend-aliases.js';

const counts = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('Cat', 'cats', 'the cat', 'CAT', 'dog', 'Dogs', '1. dog', 'owl', '猫', '...', '\ud800'),
      fc.integer({ min: 1, max: 9 }),
    ),
    { selector: ([tag]) => tag },
  )
  .map((pairs) => new Map<string, number>(pairs));

describe('extendAliases', () => {
  it('changes no entry but its uses, and lists every raw tag once', () => {
    fc.assert(
      fc.property(counts, counts, (first, second) => {
        const known = spellingAliases(first);
        const grown = extendAliases(known, second);
        const byRaw = new Map(grown.map((alias) => [alias.raw, alias]));
        expect(byRaw.size).toBe(grown.length);
        expect(new Set(byRaw.keys())).toEqual(new Set([...first.keys(), ...second.keys()]));
        for (const { raw, canonical } of known) expect(byRaw.get(raw)!.canonical).toBe(canonical);
        for (const { raw, uses } of grown) expect(uses).toBe((first.get(raw) ?? 0) + (second.get(raw) ?? 0));
      }),
    );
  });

  it('counts a new spelling as the tag that is known', () => {
    const grown = extendAliases(spellingAliases(new Map([['cat', 1]])), new Map([['Cats', 99]]));
    expect(grown.map(({ raw, canonical }) => [raw, canonical])).toEqual([
      ['Cats', 'cat'],
      ['cat', 'cat'],
    ]);
  });
});
