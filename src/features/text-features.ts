import { hashPair, hashWord } from './feature-hash.js';
import { splitWords } from './words.js';

/** What a text is split into. Stands in the bundle's manifest, so that serving does the same as training. */
export interface TextFeatureOptions {
  /** Word n-grams up to this length, 1 to 3. */
  readonly wordNgrams: number;
  /** Words after this many are left out. */
  readonly maxWords: number;
}

/**
 * Call `emit` with the 32-bit hash of each feature of a text, repeats included, in reading order.
 *
 * @param emit takes the hash, and the number of words that the feature spans
 */
export function forEachFeature(
  text: string,
  { wordNgrams, maxWords }: TextFeatureOptions,
  emit: (hash: number, nWords: number) => void,
): void {
  const words = splitWords(text);
  const nWords = Math.min(words.length, maxWords);
  let last = 0;
  let lastPair = 0;
  for (let i = 0; i < nWords; i++) {
    const hash = hashWord(words[i]!);
    emit(hash, 1);
    if (wordNgrams >= 2 && i >= 1) {
      if (wordNgrams >= 3 && i >= 2) emit(hashPair(lastPair, hash), 3);
      lastPair = hashPair(last, hash);
      emit(lastPair, 2);
    }
    last = hash;
  }
}
