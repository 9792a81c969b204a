import type { Space } from '../../core/space.js';
import { byCodePoint } from '../code-point-order.js';
import { areOpposites, areSynonyms, isFiller } from './lexicon.js';
import { spellingWords } from './spelling-key.js';

/** Words that tie others together and are left out when tags are compared. */
const TIES: ReadonlySet<string> = new Set(
  'of the and to in for with a an on at from by or who as'.split(' '),
);

export interface KindGuardOptions {
  readonly space: Space;
  /** Whether two words mean nearly the same by their vectors. */
  readonly areNear?: (a: string, b: string) => boolean;
}

/**
 * Say in what kind two tags differ, so that they are not merged however near their vectors; null if in none.
 *
 * Words of one tag must have a partner in the other: the same word, a synonym, or one that is near and no opposite.
 * Words without one must add nothing ("story"); numbers must be equal; for user tags the heads ("reader" of "romance
 * reader", "mother" of "mother of twins") must be the same or synonyms.
 */
export function differenceInKind(
  a: string,
  b: string,
  { space, areNear = () => false }: KindGuardOptions,
): string | null {
  // In one order, so that the answer does not depend on it.
  const [wordsA, wordsB] = (byCodePoint(a, b) <= 0 ? [a, b] : [b, a]).map(contentWords) as [Words, Words];
  const restB = [...wordsB];
  const restA = wordsA.filter((word) => !takeOut(restB, (other) => other === word));

  const number = [...restA, ...restB].find((word) => /\p{N}/u.test(word));
  if (number !== undefined) return `number ${number}`;
  for (const word of restA) {
    const opposite = restB.find((other) => areOpposites(word, other) && !areSynonyms(word, other));
    if (opposite !== undefined) return `${word} / ${opposite}`;
  }
  const leftA = restA.filter((word) => !takeOut(restB, (other) => areSynonyms(word, other)));
  const aloneA = leftA.filter((word) => !takeOut(restB, (other) => areNear(word, other)));
  const extra = [...aloneA, ...restB].filter((word) => !isFiller(word, space));
  if (extra.length > 0) return `only one has ${extra.join(', ')}`;
  if (space === 'user') {
    const [headA, headB] = [head(a), head(b)];
    if (!areSynonyms(headA, headB)) return `${headA} / ${headB}`;
  }
  return null;
}

type Words = readonly string[];

function contentWords(tag: string): Words {
  return spellingWords(tag).filter((word) => !TIES.has(word));
}

function head(tag: string): string {
  const words = spellingWords(tag);
  const tie = words.findIndex((word, i) => i > 0 && TIES.has(word) && word !== 'and' && word !== 'or');
  return words[(tie < 0 ? words.length : tie) - 1] ?? '';
}

function takeOut(words: string[], fits: (word: string) => boolean): boolean {
  const at = words.findIndex(fits);
  if (at >= 0) words.splice(at, 1);
  return at >= 0;
}
