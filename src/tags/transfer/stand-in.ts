import type { Space } from '../../core/space.js';
import { areOpposites, areSynonyms, TIES } from '../merge/lexicon.js';
import { nearWords } from '../merge/near-tags.js';
import { spellingWords } from '../merge/spelling-key.js';

// Left over in a tag, these turn its meaning: an aspiring pilot is no pilot.
const TURNING: ReadonlySet<string> = new Set(
  'anti non no not former ex aspiring future without un never pseudo'.split(' '),
);

export interface StandInOptions {
  readonly space: Space;
  readonly vectorOf: (text: string) => Float32Array;
  /** Cosine from which up two words count as one. */
  readonly wordThreshold?: number;
}

/**
 * Make a test of whether a target may stand for a tag that it is near to: it says the same or less, never more.
 *
 * Each word of the target needs a partner of its own in the tag: the same word, a synonym, or a near one that is no
 * opposite; numbers have to be equal. So "pediatric nurse" may become "nurse", but "cooking" not "american home
 * cooking". Of user tags the last words, "of" turned round, say who it is and must be partners; a word like "former" must not be lost.
 */
export function standInTest({
  space,
  vectorOf,
  wordThreshold = 0.75,
}: StandInOptions): (tag: string, target: string) => boolean {
  const areNear = nearWords(vectorOf, wordThreshold);
  const known = new Map<string, readonly string[]>();
  const wordsOf = (tag: string): readonly string[] => {
    let words = known.get(tag);
    if (words === undefined) {
      words = spellingWords(tag).filter((word) => !TIES.has(word));
      known.set(tag, words);
    }
    return words;
  };
  const arePartners = (a: string, b: string): boolean => {
    if (a === b || areSynonyms(a, b)) return true;
    return !/\p{N}/u.test(a + b) && !areOpposites(a, b) && areNear(a, b);
  };
  return (tag, target) => {
    const left = [...wordsOf(tag)];
    const wanted = wordsOf(target);
    if (left.length === 0 || wanted.length === 0) return false;
    if (space === 'user' && !arePartners(left.at(-1)!, wanted.at(-1)!)) return false;
    for (const word of wanted) {
      const same = left.indexOf(word);
      const at = same >= 0 ? same : left.findIndex((other) => arePartners(other, word));
      if (at < 0) return false;
      left.splice(at, 1);
    }
    return !left.some((word) => TURNING.has(word));
  };
}
