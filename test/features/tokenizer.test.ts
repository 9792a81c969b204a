import { beforeAll, describe, expect, it } from 'vitest';
import { openTokenizer } from '../../src/features/tokenizer.js';
import { WordPieceTokenizer } from '../../src/features/word-piece.js';
import { readMinilmTokenizer } from '../support/minilm.js';

type Json = Record<string, unknown>;
let bert: Json;
beforeAll(async () => {
  bert = (await readMinilmTokenizer()).plain as Json;
});

const SMALL = { type: 'WordPiece', unk_token: '[UNK]', vocab: { '[UNK]': 0, wine: 1, '##s': 2 } };

const UNIGRAM = {
  added_tokens: [],
  normalizer: { type: 'NFKC' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: null,
  decoder: null,
  model: {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['▁wine', -1],
      ['▁', -2],
      ['bar', -3],
    ],
  },
};

describe('openTokenizer', () => {
  it('leaves any other tokenizer than BERT to the library, and unknown tokens out', async () => {
    const tokenizer = await openTokenizer(UNIGRAM, 'tokenizer.json');
    expect(tokenizer).not.toBeInstanceOf(WordPieceTokenizer);
    expect(tokenizer.nTokens).toBe(4);
    expect([...tokenizer.encode('wine bar')]).toEqual([1, 2, 3]);
    expect([...tokenizer.encode('wine ζ bar', { maxTokens: 1 })]).toEqual([1]);
    expect([...tokenizer.encode('ζ')]).not.toContain(0);
  });

  it('leaves WordPiece with another normalizer, or with odd added tokens, to the library', async () => {
    const lowercase = await openTokenizer({ ...bert, normalizer: { type: 'Lowercase' } }, 't.json');
    expect(lowercase).not.toBeInstanceOf(WordPieceTokenizer);
    const stripping = { id: 103, content: '[MASK]', normalized: false, special: true, lstrip: true };
    const odd = await openTokenizer({ ...bert, added_tokens: [stripping] }, 't.json');
    expect(odd).not.toBeInstanceOf(WordPieceTokenizer);
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 't.json: the tokenizer should be a JSON object, found []'],
    ['no model', {}, 't.json: model should be a JSON object, found nothing'],
    ['no vocabulary', { model: {} }, 'model.vocab should be an object of tokens and ids, or a list'],
  ])('names the field that is wrong: %s', async (_, json, message) => {
    await expect(openTokenizer(json, 't.json')).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });

  it.each<[string, Json, string]>([
    [
      'two tokens of one id',
      { vocab: { '[UNK]': 0, a: 0 } },
      'model.vocab["a"] should be an id of its own from 0 to 1, found 0',
    ],
    ['an id past the end', { vocab: { '[UNK]': 0, a: 7 } }, 'found 7'],
    ['an id that is a text', { vocab: { '[UNK]': 0, a: '1' } }, 'found "1"'],
    [
      'an unknown token that is not there',
      { unk_token: '<unk>' },
      'model.unk_token should be a token of the vocabulary, found "<unk>"',
    ],
    ['an empty vocabulary', { vocab: {} }, 'model.vocab should be at least one token'],
    ['a prefix that is no text', { continuing_subword_prefix: 2 }, 'model.continuing_subword_prefix'],
    [
      'a longest word that is NaN',
      { max_input_chars_per_word: Number.NaN },
      'model.max_input_chars_per_word',
    ],
  ])('names the field of a WordPiece model that is wrong: %s', async (_, change, message) => {
    await expect(openTokenizer({ ...bert, model: { ...SMALL, ...change } }, 't.json')).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining(message),
    });
  });

  it('tells what the library could not open', async () => {
    await expect(
      openTokenizer({ ...UNIGRAM, normalizer: { type: 'Mystery' } }, 't.json'),
    ).rejects.toMatchObject({ code: 'E_FILE_FORMAT', cause: expect.any(Error) });
  });
});
