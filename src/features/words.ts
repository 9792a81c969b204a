/** Text longer than this (in UTF-16 units) is cut before it is split: nobody's first 65,536 characters say too little. */
export const MAX_TEXT_UNITS = 65_536;

// Scripts written without spaces are split into characters, so that bigrams stand in for words.
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;

/**
 * Split a text into words: NFKC, lower case, runs of letters, marks and digits.
 *
 * Han, kana and Thai characters stand alone. Punctuation, symbols and emoji separate. Only the first
 * {@link MAX_TEXT_UNITS} UTF-16 units count; a lone surrogate counts as a separator.
 */
export function splitWords(text: string): string[] {
  const cut = text.length > MAX_TEXT_UNITS ? text.slice(0, MAX_TEXT_UNITS) : text;
  return cut.normalize('NFKC').toLowerCase().match(WORD) ?? [];
}
