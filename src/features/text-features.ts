import { hashPair, hashWord } from './feature-hash.js';
import { leadOf } from './lead.js';
import { splitWords } from './words.js';

/** What a text is split into. Stands in the bundle's manifest, so that serving does the same as training. */
export interface TextFeatureOptions {
  /** Word n-grams up to this length, 1 to 3. */
  readonly wordNgrams: number;
  /** Words after this many are left out. */
  readonly maxWords: number;
  /**
   * Euclidean length of the lead's own features, those of the text having length 1: its words, word pairs and character
   * n-grams, marked apart; 0 for none. See {@link leadOf}.
   */
  readonly leadWeight: number;
}

/** The parts of a text's features; each is weighed on its own, so that a long one does not drown a short one. */
export type FeatureSection = 'text' | 'lead';

/** A kind of feature; only the rare ones of the last two are dropped. */
export type FeatureKind = 'word' | 'n-gram' | 'characters';

export type EmitFeature = (hash: number, section: FeatureSection, kind: FeatureKind) => void;

/** Call `emit` with the 32-bit hash of each feature of a text, repeats included. */
export function forEachFeature(text: string, options: TextFeatureOptions, emit: EmitFeature): string[] {
  const words = splitWords(text).slice(0, options.maxWords);
  forEachNgram(words, options.wordNgrams, (hash, nWords) => {
    emit(hash, 'text', nWords === 1 ? 'word' : 'n-gram');
  });
  if (options.leadWeight > 0) forEachLeadFeature(splitWords(leadOf(text)), emit);
  return words;
}

/** A mark that no word contains keeps the lead's words apart from the text's. */
const LEAD_WORD = '\u0001';
const SHORTEST_CHARACTERS = 3;
const LONGEST_CHARACTERS = 5;

function forEachLeadFeature(words: readonly string[], emit: EmitFeature): void {
  let last = 0;
  words.forEach((word, i) => {
    const hash = hashWord(LEAD_WORD + word);
    emit(hash, 'lead', 'word');
    if (i > 0) emit(hashPair(last, hash), 'lead', 'n-gram');
    last = hash;
    const framed = `<${word}>`;
    for (let length = SHORTEST_CHARACTERS; length <= LONGEST_CHARACTERS; length++) {
      for (let start = 0; start + length <= framed.length; start++) {
        emit(hashPair(length, hashWord(framed, start, start + length)), 'lead', 'characters');
      }
    }
  });
}

/**
 * Call `emit` with the 32-bit hash of each n-gram of words, repeats included, in reading order.
 *
 * @param emit takes the hash, and the number of words that the n-gram spans
 */
function forEachNgram(
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
