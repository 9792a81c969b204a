import { splitBertWords, type BertTextOptions } from './bert-words.js';
import { MAX_TEXT_UNITS } from './words.js';

export interface WordPieceOptions extends BertTextOptions {
  /** shape [nTokens], a token's place is its id */
  readonly vocabulary: readonly string[];
  readonly unknownId: number;
  /** What marks a piece that goes on with a word, e.g. `##`. */
  readonly prefix: string;
  /** A word of more characters is unknown. */
  readonly maxWordChars: number;
  /** Tokens that are found in the text as they stand, before anything else. */
  readonly added: ReadonlyMap<string, number>;
}

// What an ASCII character is to the scan. Other characters are letters, but for Han.
const LETTER = 0;
const SPACE = 1;
const ALONE = 2;
const ASCII_KIND = Uint8Array.from({ length: 128 }, (_, unit) => {
  const char = String.fromCharCode(unit);
  if (' \t\n\r'.includes(char)) return SPACE;
  return /[\p{P}\p{S}]/u.test(char) ? ALONE : LETTER;
});
/** A stretch that cleaning leaves as it is, but for case. */
const PLAIN = /^[a-zA-Z0-9]+$/;
/** Words in the cache, and UTF-16 units of the longest one: some 20 MB at most. */
const CACHE_WORDS = 100_000;
const CACHE_UNITS = 32;

/**
 * BERT's tokenizer: {@link splitBertWords}, then the longest known piece first.
 *
 * The hot path cuts the raw text where neither spaces nor marks can change their neighbours, and remembers the pieces
 * of each stretch, so that a word is cleaned and searched for once. One object serves one thread.
 */
export class WordPieceTokenizer {
  readonly nTokens: number;
  private readonly heads = new Map<string, number>();
  private readonly tails = new Map<string, number>();
  private readonly longest: number;
  private readonly cache = new Map<string, readonly number[]>();
  private readonly addedPattern: RegExp | undefined;

  constructor(private readonly options: WordPieceOptions) {
    const { vocabulary, prefix, added } = options;
    this.nTokens = Math.max(vocabulary.length, ...[...added.values()].map((id) => id + 1));
    let longest = 1;
    vocabulary.forEach((token, id) => {
      this.heads.set(token, id);
      if (token.startsWith(prefix)) this.tails.set(token.slice(prefix.length), id);
      longest = Math.max(longest, token.length);
    });
    this.longest = longest;
    const contents = [...added.keys()].sort((a, b) => b.length - a.length);
    if (contents.length > 0) {
      this.addedPattern = new RegExp(contents.map((content) => escapeRegExp(content)).join('|'), 'g');
    }
  }

  /** Give the ids of a text's known tokens; unknown ones count to `maxTokens`, and are then left out. */
  encode(text: string, { maxTokens = Infinity }: { readonly maxTokens?: number } = {}): Int32Array {
    const ids: number[] = [];
    const cut = text.length > MAX_TEXT_UNITS ? text.slice(0, MAX_TEXT_UNITS) : text;
    let start = 0;
    if (this.addedPattern !== undefined) {
      for (const { index, 0: content } of cut.matchAll(this.addedPattern)) {
        this.scan(cut, start, index, maxTokens, ids);
        ids.push(this.options.added.get(content)!);
        start = index + content.length;
      }
    }
    this.scan(cut, start, cut.length, maxTokens, ids);
    if (ids.length > maxTokens) ids.length = maxTokens;
    return Int32Array.from(ids).filter((id) => id !== this.options.unknownId);
  }

  private scan(text: string, start: number, end: number, maxTokens: number, ids: number[]): void {
    let wordStart = start;
    for (let i = start; i < end && ids.length < maxTokens; i++) {
      const unit = text.charCodeAt(i);
      const kind = unit < 128 ? ASCII_KIND[unit]! : this.kindOf(unit);
      if (kind === LETTER) continue;
      if (i > wordStart) this.pushPieces(text.slice(wordStart, i), ids);
      if (kind === ALONE) this.pushPieces(text[i]!, ids);
      wordStart = i + 1;
    }
    if (end > wordStart && ids.length < maxTokens) this.pushPieces(text.slice(wordStart, end), ids);
  }

  private kindOf(unit: number): number {
    return this.options.splitHan && unit >= 0x4e00 && unit <= 0x9fff ? ALONE : LETTER;
  }

  private pushPieces(raw: string, ids: number[]): void {
    const known = this.cache.get(raw);
    if (known !== undefined) {
      for (const id of known) ids.push(id);
      return;
    }
    const pieces = PLAIN.test(raw)
      ? this.piecesOf(this.options.lowerCase ? raw.toLowerCase() : raw)
      : splitBertWords(raw, this.options).flatMap((word) => this.piecesOf(word));
    if (raw.length <= CACHE_UNITS) {
      if (this.cache.size >= CACHE_WORDS) this.cache.clear();
      // A copy: a slice of 13 units and more would keep the whole text in memory.
      this.cache.set(raw.length < 13 ? raw : raw.split('').join(''), pieces);
    }
    for (const id of pieces) ids.push(id);
  }

  private piecesOf(word: string): number[] {
    const { unknownId, maxWordChars } = this.options;
    if (word.length > maxWordChars && Array.from(word).length > maxWordChars) return [unknownId];
    const pieces: number[] = [];
    let start = 0;
    while (start < word.length) {
      const known = start === 0 ? this.heads : this.tails;
      let end = Math.min(word.length, start + this.longest);
      let id: number | undefined;
      while (end > start && (id = known.get(word.slice(start, end))) === undefined) end--;
      if (id === undefined) return [unknownId];
      pieces.push(id);
      start = end;
    }
    return pieces;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
