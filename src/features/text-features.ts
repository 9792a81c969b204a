import { hashPair, hashWord } from './feature-hash.js';

/** What a text is split into. Stands in the bundle's manifest, so that serving does the same as training. */
export interface TextFeatureOptions {
  /** Word n-grams up to this length, 1 to 3. */
  readonly wordNgrams: number;
  /** Words after this many are left out. */
  readonly maxWords: number;
}

/**
 * Call `emit` with the 32-bit hash of each n-gram of words, repeats included, in reading order.
 *
 * @param emit takes the hash, and the number of words that the n-gram spans
 */
export function forEachNgram(
  words: readonly string[],
  wordNgrams: number,
  emit: (hash: number, nWords: number) => void,
): void {
  let last = 0;
  let lastPair = 0;
  words.forEach((word, i) => {
    const hash = hashWord(word);
    emit(hash, 1);
    if (wordNgrams >= 2 && i >= 1) {
      if (wordNgrams >= 3 && i >= 2) emit(hashPair(lastPair, hash), 3);
      lastPair = hashPair(last, hash);
      emit(lastPair, 2);
    }
    last = hash;
  });
}

/** Endings that one word may have in a text and lack in a tag, the longest first where one ends another. */
const SUFFIXES = ['ies', 'ers', 'ing', 'ian', 'es', 'ed', 'er', 's', 'y'];
const SHORTEST_STEM = 4;

/**
 * Hash what a word shares with its inflections: "vineyards" and "vineyard", "families" and "family".
 *
 * A light rule for English; words of other languages are mostly left whole.
 */
export function hashStem(word: string): number {
  const suffix = SUFFIXES.find(
    (ending) => word.length - ending.length >= SHORTEST_STEM && word.endsWith(ending),
  );
  return hashWord(word, 0, word.length - (suffix?.length ?? 0));
}
