import { TagdistillError, messageOf } from '../core/errors.js';
import { WordPieceTokenizer } from './word-piece.js';
import { MAX_TEXT_UNITS } from './words.js';

interface TokenizeOptions {
  /** Read so many tokens, unknown ones counted. */
  readonly maxTokens?: number;
}

/** Turns a text into token ids, without the special tokens that a model wants around it. */
export interface Tokenizer {
  /** Ids are below this. */
  readonly nTokens: number;
  /** Give the ids of a text's known tokens in reading order; unknown ones are left out, as Model2Vec does. */
  encode(text: string, options?: TokenizeOptions): Int32Array;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Open a parsed `tokenizer.json`.
 *
 * BERT's WordPiece runs on code of our own, any other kind on `@huggingface/tokenizers`. Truncation and padding that
 * the file asks for are left out. Text is cut to its first 65,536 UTF-16 units.
 *
 * @param file where it came from, for messages
 * @throws TagdistillError `E_FILE_FORMAT` naming the first wrong field
 */
export async function openTokenizer(tokenizerJson: unknown, file: string): Promise<Tokenizer> {
  const json = asObject(tokenizerJson, 'the tokenizer', file);
  const model = asObject(json['model'], 'model', file);
  if (!(isObject(model['vocab']) || Array.isArray(model['vocab']))) {
    throw wrong('model.vocab', 'an object of tokens and ids, or a list', model['vocab'], file);
  }
  return openWordPiece(json, model, file) ?? openWithLibrary(json, model, file);
}

/** Undefined where the file asks for anything that the hot path does not do. */
function openWordPiece(json: JsonObject, model: JsonObject, file: string): WordPieceTokenizer | undefined {
  const { normalizer, pre_tokenizer: preTokenizer } = json;
  if (model['type'] !== 'WordPiece' || !isObject(model['vocab'])) return undefined;
  if (!isObject(normalizer) || normalizer['type'] !== 'BertNormalizer') return undefined;
  if (!isObject(preTokenizer) || preTokenizer['type'] !== 'BertPreTokenizer') return undefined;
  const addedTokens = readAddedTokens(json, file);
  if (
    addedTokens.some((token) => token['normalized'] !== false || UNUSUAL.some((flag) => token[flag] === true))
  )
    return undefined;
  const vocabulary = readVocabulary(model['vocab'], file);
  const unknown = model['unk_token'];
  const unknownId = typeof unknown === 'string' ? vocabulary.indexOf(unknown) : -1;
  if (unknownId < 0) throw wrong('model.unk_token', 'a token of the vocabulary', unknown, file);
  const prefix = model['continuing_subword_prefix'] ?? '##';
  if (typeof prefix !== 'string') throw wrong('model.continuing_subword_prefix', 'a text', prefix, file);
  const maxWordChars = model['max_input_chars_per_word'] ?? 100;
  if (!isId(maxWordChars))
    throw wrong('model.max_input_chars_per_word', 'a whole number', maxWordChars, file);
  const lowerCase = normalizer['lowercase'] !== false;
  const stripAccents = normalizer['strip_accents'];
  return new WordPieceTokenizer({
    vocabulary,
    unknownId,
    prefix,
    maxWordChars,
    added: new Map(addedTokens.map((token) => [token['content'] as string, token['id'] as number])),
    cleanText: normalizer['clean_text'] !== false,
    splitHan: normalizer['handle_chinese_chars'] !== false,
    lowerCase,
    stripAccents: typeof stripAccents === 'boolean' ? stripAccents : lowerCase,
  });
}

const UNUSUAL = ['lstrip', 'rstrip', 'single_word'];

function readAddedTokens(json: JsonObject, file: string): JsonObject[] {
  const tokens = json['added_tokens'] ?? [];
  if (!Array.isArray(tokens)) throw wrong('added_tokens', 'a list', tokens, file);
  return tokens.map((token: unknown, i) => {
    if (
      isObject(token) &&
      isId(token['id']) &&
      typeof token['content'] === 'string' &&
      token['content'] !== ''
    )
      return token;
    throw wrong(`added_tokens[${i}]`, 'an object with id and content', token, file);
  });
}

function readVocabulary(vocab: JsonObject, file: string): string[] {
  const entries = Object.entries(vocab);
  const vocabulary = new Array<string | undefined>(entries.length);
  for (const [token, id] of entries) {
    if (!isId(id) || id >= entries.length || vocabulary[id] !== undefined) {
      throw wrong(
        `model.vocab[${JSON.stringify(token)}]`,
        `an id of its own from 0 to ${entries.length - 1}`,
        id,
        file,
      );
    }
    vocabulary[id] = token;
  }
  if (entries.length === 0) throw wrong('model.vocab', 'at least one token', vocab, file);
  return vocabulary as string[];
}

/** What is used of the library, whose own types do not resolve under `nodenext`. */
interface LibraryModule {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => {
    encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
    get_vocab(): Map<string, number>;
    token_to_id(token: string): number | undefined;
  };
}

async function openWithLibrary(json: JsonObject, model: JsonObject, file: string): Promise<Tokenizer> {
  const { Tokenizer: LibraryTokenizer } =
    (await import('@huggingface/tokenizers')) as unknown as LibraryModule;
  try {
    const tokenizer = new LibraryTokenizer({ added_tokens: [], ...json }, {});
    const unknown = model['unk_token'];
    const unknownId = typeof unknown === 'string' ? tokenizer.token_to_id(unknown) : model['unk_id'];
    const nTokens = [...tokenizer.get_vocab().values()].reduce((most, id) => Math.max(most, id + 1), 0);
    return {
      nTokens,
      encode: (text, { maxTokens = Infinity } = {}) => {
        const { ids } = tokenizer.encode(text.slice(0, MAX_TEXT_UNITS), { add_special_tokens: false });
        return Int32Array.from(ids.slice(0, maxTokens)).filter((id) => id !== unknownId);
      },
    };
  } catch (cause) {
    throw new TagdistillError('E_FILE_FORMAT', `not a tokenizer that can be read: ${messageOf(cause)}`, {
      file,
      hint: 'Use a model whose tokenizer.json opens in @huggingface/tokenizers.',
      cause,
    });
  }
}

function asObject(value: unknown, field: string, file: string): JsonObject {
  if (isObject(value)) return value;
  throw wrong(field, 'a JSON object', value, file);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}

function wrong(field: string, wanted: string, found: unknown, file: string): TagdistillError {
  const shown = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 60);
  return new TagdistillError('E_FILE_FORMAT', `${field} should be ${wanted}, found ${shown}`, {
    file,
    hint: 'Copy the whole tokenizer.json of the model again.',
  });
}
