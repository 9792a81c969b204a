import { SparseRowsBuilder, type SparseRows } from '../core/sparse.js';
import { checkCount } from './check-count.js';
import { byCodePoint } from './code-point-order.js';
import { usesByColumn } from './cover/column-cells.js';
import type { CoverSetOptions } from './cover/cover-options.js';
import { lazyCover } from './cover/lazy-cover.js';
import type { AliasTable } from './merge/alias-table.js';
import { mergeTags } from './merge/spelling.js';

/** Tags as given; after merging spellings; or the few merged tags that cover the items. */
export type VocabularyKind = 'raw' | 'canonical' | 'cover';

export const VOCABULARY_KINDS: readonly VocabularyKind[] = ['raw', 'canonical', 'cover'];

export interface VocabularyTag {
  /** Its place in the vocabulary, 0..n-1. */
  readonly id: number;
  readonly tag: string;
  /** The other raw forms that count as this tag, in code point order. */
  readonly aliases: readonly string[];
  /** Items that have the tag, under any of its forms. */
  readonly uses: number;
}

/** The tags a student can name, in output order: by uses descending, then code point order. */
export interface Vocabulary {
  readonly kind: VocabularyKind;
  readonly tags: readonly VocabularyTag[];
  /** shape [raw columns]; a raw tag's place in the vocabulary, or -1 */
  readonly columnOf: Int32Array;
  /** Hash of the alias table; null for `raw`, which merges nothing. */
  readonly aliasHash: string | null;
}

export interface VocabularyOptions {
  readonly kind: VocabularyKind;
  /** Leave out tags that fewer items have. */
  readonly minUses?: number;
  /** How `cover` chooses among the merged tags. */
  readonly cover?: Pick<CoverSetOptions, 'tau' | 'depth'>;
  /** A frozen table; by default spellings are merged anew from the tags in use. Not for `raw`. */
  readonly aliases?: AliasTable;
}

/**
 * Choose the tags that a student learns, and map every raw column to them.
 *
 * @param tags raw tags, shape [rows.nColumns]; those that no row uses stay outside the vocabulary
 * @param rows items by raw tags
 * @throws TagdistillError `E_BAD_OPTION` if minUses is no positive integer, or from {@link lazyCover}
 */
export function buildVocabulary(
  tags: readonly string[],
  rows: SparseRows,
  { kind, minUses = 1, cover = {}, aliases }: VocabularyOptions,
): Vocabulary {
  checkCount('minUses', minUses);
  const rawUses = usesByColumn(rows);
  const table = kind === 'raw' ? null : (aliases ?? mergeTags(usedTags(tags, rawUses)));
  const merged = table === null ? null : mergeColumns(tags, rows, table);
  const names = merged?.names ?? tags;
  const groupRows = merged?.rows ?? rows;
  const uses = merged === null ? rawUses : usesByColumn(groupRows);
  const allowed =
    kind === 'cover'
      ? new Set(lazyCover(groupRows, { ...cover, tags: names }).chosen.map((c) => c.column))
      : null;

  const order = Array.from(names.keys())
    .filter((group) => uses[group]! >= minUses && (allowed === null || allowed.has(group)))
    .sort((a, b) => uses[b]! - uses[a]! || byCodePoint(names[a]!, names[b]!));
  const placeOf = new Int32Array(names.length).fill(-1);
  order.forEach((group, place) => (placeOf[group] = place));
  const columnOf = Int32Array.from(tags, (_, column) => placeOf[merged?.groupOf[column] ?? column]!);

  const aliasesOf: string[][] = order.map(() => []);
  tags.forEach((tag, column) => {
    const place = columnOf[column]!;
    if (place >= 0 && tag !== names[order[place]!]) aliasesOf[place]!.push(tag);
  });
  return {
    kind,
    tags: order.map((group, id) => ({
      id,
      tag: names[group]!,
      aliases: aliasesOf[id]!.sort(byCodePoint),
      uses: uses[group]!,
    })),
    columnOf,
    aliasHash: table?.hash ?? null,
  };
}

function usedTags(tags: readonly string[], uses: Uint32Array): Map<string, number> {
  const counts = new Map<string, number>();
  tags.forEach((tag, column) => {
    if (uses[column]! > 0) counts.set(tag, uses[column]!);
  });
  return counts;
}

interface MergedColumns {
  readonly names: readonly string[];
  /** shape [raw columns] */
  readonly groupOf: Uint32Array;
  readonly rows: SparseRows;
}

// A tag that the table does not list stands for itself.
function mergeColumns(tags: readonly string[], rows: SparseRows, table: AliasTable): MergedColumns {
  const groups = new Map<string, number>();
  const groupOf = Uint32Array.from(tags, (tag) => {
    const name = table.canonicalOf.get(tag) ?? tag;
    let group = groups.get(name);
    if (group === undefined) groups.set(name, (group = groups.size));
    return group;
  });
  const builder = new SparseRowsBuilder();
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    for (let cell = rows.offsets[row]!; cell < rows.offsets[row + 1]!; cell++) {
      builder.push(groupOf[rows.indices[cell]!]!, rows.values[cell]!);
    }
    builder.endRow();
  }
  return { names: [...groups.keys()], groupOf, rows: builder.finish(groups.size) };
}
