import type { AliasTable } from './alias-table.js';

/** A tag that counts as another one: its spellings come along. */
export interface Merge {
  readonly tag: string;
  readonly canonical: string;
  readonly reason: 'semantic' | 'decision';
  /** Cosine of the two; null where a decision joined them. */
  readonly similarity: number | null;
  /** Uses of the tag, in all its spellings. */
  readonly uses: number;
}

/** Two tags that are near and were kept apart. */
export interface NearMiss {
  readonly a: string;
  readonly b: string;
  readonly similarity: number;
  /** What stands between them. */
  readonly because: string;
}

/** How a raw tag came to its canonical tag: it is it, is a spelling of it, or was joined to it. */
export type AliasReason = 'same' | 'spelling' | 'semantic' | 'decision';

export interface Alias {
  readonly raw: string;
  readonly canonical: string;
  readonly uses: number;
  readonly reason: AliasReason;
  /** Cosine of the tags where they were joined by it, else null. */
  readonly similarity: number | null;
}

/** A table of aliases with the reason of each entry. */
export interface SemanticAliases extends AliasTable {
  /** By raw tag in code point order. */
  readonly aliases: readonly Alias[];
  /** By uses of the tag descending, then code point order. */
  readonly merges: readonly Merge[];
  /** By similarity descending, then code point order. */
  readonly nearMisses: readonly NearMiss[];
  /** Tags that were compared: the most used ones, at most `maxTags`. */
  readonly nCompared: number;
  /** Decisions that name a tag which is not here. */
  readonly nUnusedDecisions: number;
}
