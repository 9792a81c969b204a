import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SparseRowsBuilder, type SparseRows } from '../../src/core/sparse.js';
import { buildVocabulary, mergeTags, VOCABULARY_KINDS } from '../../src/tags/index.js';

function labels(items: readonly (readonly string[])[]): { tags: string[]; rows: SparseRows } {
  const columns = new Map<string, number>();
  const builder = new SparseRowsBuilder();
  for (const item of items) {
    for (const tag of item) {
      if (!columns.has(tag)) columns.set(tag, columns.size);
      builder.push(columns.get(tag)!, 1);
    }
    builder.endRow();
  }
  return { tags: [...columns.keys()], rows: builder.finish(columns.size) };
}

const books = labels([
  ['mothers', 'violin', 'war'],
  ['Mother', 'war'],
  ['mothers', 'Mother', 'rare'],
  ['cello', 'rare'],
]);

describe('buildVocabulary', () => {
  it('orders raw tags by uses, then by code point, and merges none', () => {
    const vocabulary = buildVocabulary(books.tags, books.rows, { kind: 'raw' });
    expect(vocabulary.tags.map(({ tag, uses }) => [tag, uses])).toEqual([
      ['Mother', 2],
      ['mothers', 2],
      ['rare', 2],
      ['war', 2],
      ['cello', 1],
      ['violin', 1],
    ]);
    expect(vocabulary.tags.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(vocabulary.tags.every(({ aliases }) => aliases.length === 0)).toBe(true);
    expect(vocabulary.aliasHash).toBeNull();
  });

  it('counts an item once under a merged tag, though it has two of its forms', () => {
    const { tags, columnOf } = buildVocabulary(books.tags, books.rows, { kind: 'canonical' });
    expect(tags[0]).toEqual({ id: 0, tag: 'Mother', aliases: ['mothers'], uses: 3 });
    expect(columnOf[books.tags.indexOf('mothers')]).toBe(0);
    expect(columnOf[books.tags.indexOf('Mother')]).toBe(0);
  });

  it('leaves rare tags out and maps them to -1', () => {
    const { tags, columnOf } = buildVocabulary(books.tags, books.rows, { kind: 'raw', minUses: 2 });
    expect(tags).toHaveLength(4);
    expect(columnOf[books.tags.indexOf('cello')]).toBe(-1);
  });

  it('leaves tags without uses out, for rows may be a part of the data', () => {
    const { tags, columnOf } = buildVocabulary(
      [...books.tags, 'unused'],
      { ...books.rows, nColumns: 7 },
      {
        kind: 'canonical',
      },
    );
    expect(tags.some(({ tag }) => tag === 'unused')).toBe(false);
    expect(columnOf[6]).toBe(-1);
  });

  it('covers the items with merged tags', () => {
    const { tags } = buildVocabulary(books.tags, books.rows, { kind: 'cover', cover: { tau: 1 } });
    expect(tags.map(({ tag }) => tag)).toEqual(['Mother', 'rare']);
  });

  it('keeps to a frozen alias table and carries its hash', () => {
    const aliases = mergeTags(
      new Map([
        ['war', 1],
        ['violin', 5],
      ]),
    );
    const vocabulary = buildVocabulary(books.tags, books.rows, { kind: 'canonical', aliases });
    expect(vocabulary.aliasHash).toBe(aliases.hash);
    expect(vocabulary.tags).toHaveLength(6);
  });

  it('refuses a least number of uses below 1', () => {
    expect(() => buildVocabulary(books.tags, books.rows, { kind: 'raw', minUses: 0 })).toThrow(
      /minUses is 0/,
    );
  });

  it("maps each column to the tag that is the column's name or has it as alias, and to no other", () => {
    const items = fc.array(
      fc.uniqueArray(fc.constantFrom('a b', 'a-b', 'A B', 'cat', 'cats', 'Cats', 'x', '...')),
    );
    fc.assert(
      fc.property(items, fc.constantFrom(...VOCABULARY_KINDS), (given, kind) => {
        const { tags, rows } = labels(given);
        const vocabulary = buildVocabulary(tags, rows, { kind, minUses: 2 });
        tags.forEach((raw, column) => {
          const places = vocabulary.tags.flatMap(({ id, tag, aliases }) =>
            tag === raw || aliases.includes(raw) ? [id] : [],
          );
          expect(places).toEqual(vocabulary.columnOf[column] === -1 ? [] : [vocabulary.columnOf[column]]);
        });
        const uses = vocabulary.tags.map((tag) => tag.uses);
        expect(uses).toEqual([...uses].sort((a, b) => b - a));
      }),
    );
  });
});
