import { Tokenizer } from '@huggingface/tokenizers';
import { TagdistillError, messageOf } from '../../src/core/errors.js';

/** What of a tokenizer the distillation needs. */
export interface TokenList {
  /** Ids are below this. */
  readonly nTokens: number;
  /** Ids that get a vector, ascending: neither special tokens nor tokens like `[unused7]`. */
  readonly kept: readonly number[];
  /** Special tokens before and after a text, e.g. [CLS] and [SEP]. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** What is used of the library, whose own types do not resolve under `nodenext`. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  get_vocab(): Map<string, number>;
  get_added_tokens_decoder(): Map<number, { special: boolean }>;
}

const UNUSED = /^\[unused\d+\]/;

/**
 * List the tokens of a parsed `tokenizer.json`.
 *
 * @throws TagdistillError `E_FILE_FORMAT` if the library cannot open it, or if no token is left
 */
export function listTokens(tokenizerJson: unknown, file: string): TokenList {
  const { vocabulary, added, bare, whole } = openLibrary(tokenizerJson, file);
  const kept = [...vocabulary]
    .filter(([token, id]) => added.get(id)?.special !== true && !UNUSED.test(token))
    .map(([, id]) => id)
    .sort((a, b) => a - b);
  if (kept.length === 0) {
    throw new TagdistillError('E_FILE_FORMAT', 'every token is special or unused', {
      file,
      hint: 'Use the tokenizer.json of the model.',
    });
  }
  const nTokens = [...vocabulary.values()].reduce((most, id) => Math.max(most, id + 1), 0);
  const start = whole.findIndex((_, i) => bare.every((id, j) => whole[i + j] === id));
  return { nTokens, kept, before: whole.slice(0, start), after: whole.slice(start + bare.length) };
}

function openLibrary(
  json: unknown,
  file: string,
): {
  vocabulary: Map<string, number>;
  added: Map<number, { special: boolean }>;
  bare: number[];
  whole: number[];
} {
  try {
    const Library = Tokenizer as unknown as new (json: unknown, config: object) => LibraryTokenizer;
    const tokenizer = new Library(json, {});
    return {
      vocabulary: tokenizer.get_vocab(),
      added: tokenizer.get_added_tokens_decoder(),
      bare: tokenizer.encode('a', { add_special_tokens: false }).ids,
      whole: tokenizer.encode('a', { add_special_tokens: true }).ids,
    };
  } catch (cause) {
    throw new TagdistillError('E_FILE_FORMAT', `not a tokenizer that can be read: ${messageOf(cause)}`, {
      file,
      hint: 'Use a model whose tokenizer.json opens in @huggingface/tokenizers.',
      cause,
    });
  }
}
