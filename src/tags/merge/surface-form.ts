import { normaliseTag } from '../normalise.js';

/**
 * Choose the form in which a group of raw tags is printed: the most used one without list marks or explanations.
 *
 * @param group in code point order, so that the first of equals stays
 */
export function surfaceForm(group: readonly string[], counts: ReadonlyMap<string, number>): string {
  const clean = group.filter((raw) => raw.toLowerCase() === normaliseTag(raw));
  if (clean.length === 0) return normaliseTag(group[0]!) || group[0]!;
  return clean.reduce((best, raw) => ((counts.get(raw) ?? 0) > (counts.get(best) ?? 0) ? raw : best));
}
