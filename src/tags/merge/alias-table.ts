import { sha256 } from '../../core/hash.js';
import { byCodePoint } from '../code-point-order.js';

/** Which raw tags count as one, frozen: figures under tables of different hashes are not compared. */
export interface AliasTable {
  /** Every raw tag, to the surface form that stands for its group. */
  readonly canonicalOf: ReadonlyMap<string, string>;
  /** SHA-256 of the pairs in code point order, in hex. */
  readonly hash: string;
}

/** Freeze pairs of raw tag and canonical tag, in any order. */
export function freezeAliases(pairs: Iterable<readonly [string, string]>): AliasTable {
  const sorted = [...pairs].sort(([a], [b]) => byCodePoint(a, b));
  return {
    canonicalOf: new Map(sorted),
    hash: sha256(sorted.map(([raw, canonical]) => `${JSON.stringify([raw, canonical])}\n`).join('')),
  };
}

/** List the canonical tag of each raw one, of aliases that each name a raw tag of its own. */
export function canonicalNames(
  aliases: Iterable<{ readonly raw: string; readonly canonical: string }>,
): Map<string, string> {
  return new Map(Array.from(aliases, ({ raw, canonical }) => [raw, canonical]));
}

/** Group raw tags by what each counts as; groups and tags in the order given. */
export function groupRaws(pairs: Iterable<readonly [raw: string, key: string]>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [raw, key] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [raw]);
    else group.push(raw);
  }
  return groups;
}

/** Add up the uses of raw tags by canonical tag; a tag that the table does not list stands for itself. */
export function canonicalCounts(
  { canonicalOf }: Pick<AliasTable, 'canonicalOf'>,
  counts: ReadonlyMap<string, number>,
): Map<string, number> {
  const folded = new Map<string, number>();
  for (const [raw, count] of counts) {
    const canonical = canonicalOf.get(raw) ?? raw;
    folded.set(canonical, (folded.get(canonical) ?? 0) + count);
  }
  return folded;
}
