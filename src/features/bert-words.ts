/** How a BERT tokenizer cleans text, as `normalizer` of its tokenizer.json says it. */
export interface BertTextOptions {
  readonly cleanText: boolean;
  readonly splitHan: boolean;
  readonly lowerCase: boolean;
  readonly stripAccents: boolean;
}

const CONTROL = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\ufffd]/gu;
// The reference leaves out U+2B820 to U+2B91F, so this does too.
const HAN =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
const WORD = /[^\s\p{P}$+<=>^`|~]+|[\p{P}$+<=>^`|~]/gu;

/**
 * Clean a text and split it into words, each Han character and each punctuation mark alone.
 *
 * Follows BertNormalizer and BertPreTokenizer of the reference, Hugging Face's Rust library: each letter is put into
 * lower case on its own, so a final capital sigma becomes a plain one. A lone surrogate is left out. Characters newer
 * than the reference's Unicode tables are taken as this runtime knows them.
 *
 * @see https://github.com/huggingface/tokenizers `normalizers/bert.rs`, `pre_tokenizers/bert.rs`
 */
export function splitBertWords(text: string, options: BertTextOptions): string[] {
  let cleaned = options.cleanText ? text.replace(CONTROL, '') : text;
  if (options.splitHan) cleaned = cleaned.replace(HAN, ' $& ');
  if (options.stripAccents) cleaned = cleaned.normalize('NFD').replace(/\p{Mn}/gu, '');
  if (options.lowerCase) cleaned = cleaned.replaceAll('Σ', 'σ').toLowerCase();
  return cleaned.match(WORD) ?? [];
}
