import { hashPair, hashWord } from './feature-hash.js';
import { splitWords } from './words.js';

/** What a text is split into. Stands in the bundle's manifest, so that serving does the same as training. */
export interface TextFeatureOptions {
  /** Word n-grams up to this length, 1 to 3. */
  readonly wordNgrams: number;
  /** Character n-grams of words from `min` to `max` (word borders included); null for none. */
  readonly charNgrams: { readonly min: number; readonly max: number } | null;
  /** Words after this many are left out. */
  readonly maxWords: number;
}

/** Groups of features that are normalised on their own: the many character n-grams must not drown the words. */
export const WORD_FIELD = 0;
export const CHAR_FIELD = 1;

const CHAR_SALT = 0x5bd1e995;
const BORDER = '\u0002';

/** Call `emit` with the 32-bit hash of each feature of a text, repeats included, in reading order. */
export function forEachFeature(
  text: string,
  { wordNgrams, charNgrams, maxWords }: TextFeatureOptions,
  emit: (hash: number, field: number) => void,
): void {
  const words = splitWords(text);
  const nWords = Math.min(words.length, maxWords);
  let last = 0;
  let beforeLast = 0;
  for (let i = 0; i < nWords; i++) {
    const word = words[i]!;
    const hash = hashWord(word);
    emit(hash, WORD_FIELD);
    if (wordNgrams >= 2 && i >= 1) emit(hashPair(last, hash), WORD_FIELD);
    if (wordNgrams >= 3 && i >= 2) emit(hashPair(hashPair(beforeLast, last), hash), WORD_FIELD);
    if (charNgrams !== null) emitCharNgrams(word, charNgrams, emit);
    beforeLast = last;
    last = hash;
  }
}

function emitCharNgrams(
  word: string,
  { min, max }: { readonly min: number; readonly max: number },
  emit: (hash: number, field: number) => void,
): void {
  const bordered = BORDER + word + BORDER;
  for (let n = min; n <= max; n++) {
    for (let start = 0; start + n <= bordered.length; start++) {
      emit(hashPair(CHAR_SALT, hashWord(bordered, start, start + n)), CHAR_FIELD);
    }
  }
}
