import { byCodePoint } from '../code-point-order.js';
import { freezeAliases, groupRaws, type AliasTable } from './alias-table.js';
import { spellingKey } from './spelling-key.js';
import { surfaceForm } from './surface-form.js';

/**
 * Group raw tags that differ only in spelling: case, marks, hyphens and spaces between words, "&" for "and", articles,
 * plurals, British and American forms, "18th" for "eighteenth", the order of sides around "and".
 *
 * A group is printed as its most frequent surface form, ties in code point order; forms that carry list marks or
 * explanations stand back behind clean ones. No raw tag is dropped: one that normalises to nothing stands alone.
 *
 * @param counts raw tag to number of uses, in any order
 */
export function mergeTags(counts: ReadonlyMap<string, number>): AliasTable {
  const raws = [...counts.keys()].sort(byCodePoint);
  const groups = groupRaws(raws.map((raw) => [raw, spellingKey(raw) || `\u0000${raw}`]));
  const printed = new Map<string, string>();
  for (const group of groups.values()) {
    const surface = surfaceForm(group, counts);
    for (const raw of group) printed.set(raw, surface);
  }
  return freezeAliases(printed);
}
