import { byCodePoint } from '../code-point-order.js';
import { canonicalNames } from '../merge/alias-table.js';
import { mergeTags } from '../merge/spelling.js';
import type { Alias } from '../merge/semantic-aliases.js';

/** Say of each raw tag how it came to its canonical one, where only spellings were merged; by raw tag. */
export function spellingAliases(counts: ReadonlyMap<string, number>): Alias[] {
  const { canonicalOf } = mergeTags(counts);
  return [...canonicalOf].map(([raw, canonical]) => newAlias(raw, canonical, counts.get(raw)!));
}

/**
 * Add a day's raw tags to a table of aliases: a spelling of a known tag counts as it, others found a tag of their own.
 *
 * No entry of the table changes but for its uses, so canonical tags stay what they were when they were first seen.
 *
 * @param counts raw tag to items of the day
 */
export function extendAliases(known: readonly Alias[], counts: ReadonlyMap<string, number>): Alias[] {
  const canonicalOf = canonicalNames(known);
  const isNew = [...counts.keys()].some((raw) => !canonicalOf.has(raw));
  const grown = known.map((alias) => ({ ...alias, uses: alias.uses + (counts.get(alias.raw) ?? 0) }));
  if (!isNew) return grown;
  const uses = new Map(known.map(({ raw, uses: n }) => [raw, n]));
  for (const { canonical } of known) if (!uses.has(canonical)) uses.set(canonical, 0);
  for (const [raw, n] of counts) uses.set(raw, (uses.get(raw) ?? 0) + n);
  const { canonicalOf: groupOf } = mergeTags(uses);
  const anchors = anchorsOf(known, groupOf);
  const added = [...counts]
    .filter(([raw]) => !canonicalOf.has(raw))
    .map(([raw, n]) => newAlias(raw, anchors.get(groupOf.get(raw)!) ?? groupOf.get(raw)!, n));
  return [...grown, ...added].sort((a, b) => byCodePoint(a.raw, b.raw));
}

/** The known canonical tag of each group of spellings: of several, the one whose form in it has most uses. */
function anchorsOf(known: readonly Alias[], groupOf: ReadonlyMap<string, string>): Map<string, string> {
  const anchors = new Map<string, string>();
  const uses = new Map<string, number>();
  for (const { raw, canonical, uses: n } of known) {
    const group = groupOf.get(raw)!;
    if (n <= (uses.get(group) ?? -1)) continue;
    uses.set(group, n);
    anchors.set(group, canonical);
  }
  return anchors;
}

function newAlias(raw: string, canonical: string, uses: number): Alias {
  return { raw, canonical, uses, reason: raw === canonical ? 'same' : 'spelling', similarity: null };
}
