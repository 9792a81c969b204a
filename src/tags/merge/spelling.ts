import { sha256 } from '../../core/hash.js';
import { byCodePoint } from '../code-point-order.js';
import { normaliseTag } from '../normalise.js';

/** Which raw tags count as one, frozen: figures under tables of different hashes are not compared. */
export interface AliasTable {
  /** Every raw tag, to the surface form that stands for its group. */
  readonly canonicalOf: ReadonlyMap<string, string>;
  /** SHA-256 of the pairs in code point order, in hex. */
  readonly hash: string;
}

/**
 * Group raw tags that differ only in spelling: case, marks, hyphens, "&" for "and", articles, the last word's plural.
 *
 * A group is printed as its most frequent surface form, ties in code point order; forms that carry list marks or
 * explanations stand back behind clean ones. No raw tag is dropped: one that normalises to nothing stands alone.
 *
 * @param counts raw tag to number of uses, in any order
 */
export function mergeTags(counts: ReadonlyMap<string, number>): AliasTable {
  const groups = new Map<string, string[]>();
  const raws = [...counts.keys()].sort(byCodePoint);
  for (const raw of raws) {
    const key = mergeKey(raw) || `\u0000${raw}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [raw]);
    else group.push(raw);
  }
  const canonicalOf = new Map<string, string>();
  const table: string[] = [];
  const printed = new Map<string, string>();
  for (const group of groups.values()) {
    const surface = surfaceForm(group, counts);
    for (const raw of group) printed.set(raw, surface);
  }
  for (const raw of raws) {
    const surface = printed.get(raw)!;
    canonicalOf.set(raw, surface);
    table.push(`${JSON.stringify([raw, surface])}\n`);
  }
  return { canonicalOf, hash: sha256(table.join('')) };
}

function surfaceForm(group: readonly string[], counts: ReadonlyMap<string, number>): string {
  const clean = group.filter((raw) => raw.toLowerCase() === normaliseTag(raw));
  if (clean.length === 0) return normaliseTag(group[0]!) || group[0]!;
  // The group is in code point order, so the first of equals stays.
  return clean.reduce((best, raw) => (counts.get(raw)! > counts.get(best)! ? raw : best));
}

/** Give the key under which spellings of one tag meet; not for print. '' when nothing is left of the tag. */
function mergeKey(raw: string): string {
  const words = normaliseTag(raw)
    .replace(/&/gu, ' and ')
    .replace(/[-_/–—]+/gu, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '');
  const last = words.pop();
  if (last === undefined) return normaliseTag(raw);
  const kept = words.filter((word) => word !== 'the' && word !== 'a' && word !== 'an');
  return [...kept, singular(last)].join(' ');
}

const IRREGULAR: Readonly<Record<string, string>> = {
  children: 'child',
  feet: 'foot',
  geese: 'goose',
  mice: 'mouse',
  men: 'man',
  people: 'person',
  teeth: 'tooth',
  women: 'woman',
};

// A key, not a word: "movie" and "movies" meet at "movy", "shoe" and "shoes" at "sho".
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/(?:ies|ie)$/u, 'y'],
  [/(?<=wol|el|dwar|thie|lea|loa|hal|scar|cal)ves$/u, 'f'],
  [/(?<=kni|wi|^li|[^o]li)ves$/u, 'fe'],
  [/(?<=ss|sh|ch|x|zz)es$/u, ''],
  [/(?:oes|oe)$/u, 'o'],
  [/(?<=\p{L})(?<!s|u|i)s$/u, ''],
];

function singular(word: string): string {
  if (Object.hasOwn(IRREGULAR, word)) return IRREGULAR[word]!;
  if (word.length < 4) return word;
  const plural = PLURALS.find(([ending]) => ending.test(word));
  return plural === undefined ? word : word.replace(...plural);
}
