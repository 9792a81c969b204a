import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { splitBertWords } from '../../src/features/bert-words.js';
import { openTokenizer, type Tokenizer } from '../../src/features/tokenizer.js';
import { MAX_TEXT_UNITS } from '../../src/features/words.js';
import { WordPieceTokenizer } from '../../src/features/word-piece.js';
import { readMinilmTokenizer } from '../support/minilm.js';

const UNKNOWN = 100;
const UNCASED = { cleanText: true, splitHan: true, lowerCase: true, stripAccents: true };

type Encode = (text: string) => number[];
interface Pair {
  readonly ours: Tokenizer;
  readonly library: Encode;
}
let plain: Pair;
let withSpecial: Pair;

async function openBoth(json: object): Promise<Pair> {
  const library = new (
    LibraryTokenizer as unknown as new (
      json: object,
      config: object,
    ) => { encode(text: string, options: object): { ids: number[] } }
  )(json, {});
  return {
    ours: await openTokenizer(json, 'tokenizer.json'),
    library: (text) => library.encode(text, { add_special_tokens: false }).ids.filter((id) => id !== UNKNOWN),
  };
}

beforeAll(async () => {
  const json = await readMinilmTokenizer();
  plain = await openBoth(json.plain);
  withSpecial = await openBoth(json.withSpecial);
});

const fragment = fc.oneof(
  fc.constantFrom(..."The,café,CAFÉ,naïve,unaffable,Straße,İstanbul,don't,co-op,C++,3.14,$5,ﬁn".split(',')),
  fc.constantFrom(
    ' ',
    '  ',
    '\n',
    '\t',
    '\r',
    '\u00a0',
    '\u2003',
    '\u2028',
    '\u000b',
    '\u0085',
    '\ufeff',
    '\u200b',
  ),
  fc.constantFrom(
    '\u0000',
    '\u0001',
    '\u007f',
    '\ufffd',
    '\u00ad',
    '\u200d',
    '\ue000',
    '\u0301',
    '\u20dd',
    '\u0338',
  ),
  fc.constantFrom(
    '🙂',
    '🧑‍🏫',
    '🇬🇧',
    '❤️',
    '\ud800',
    '\udc00',
    'a\ud83d',
    '中',
    '历史',
    '東京の本屋',
    '한국어',
    'ไทย',
    'हिन्दी',
  ),
  fc.constantFrom(
    'x'.repeat(100),
    'x'.repeat(101),
    'é'.repeat(101),
    '🙂'.repeat(60),
    '[MASK]',
    '[CLS]',
    '[',
    'UNK]',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
// The library takes Han characters beyond 16 bits for letters, and knows the sigma that ends a word.
const text = fc
  .array(fragment, { maxLength: 30 })
  .map((parts) => parts.join('').replace(/[\u{20000}-\u{3ffff}]|Σ/gu, 'x'));

describe('WordPiece', () => {
  it('runs on the hot path for a BERT tokenizer', () => {
    expect(plain.ours).toBeInstanceOf(WordPieceTokenizer);
    expect(withSpecial.ours).toBeInstanceOf(WordPieceTokenizer);
  });

  it('gives the ids of @huggingface/tokenizers for any text, without the unknown ones', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect([...plain.ours.encode(value)]).toEqual(plain.library(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds special tokens in the text where the tokenizer asks for it, as the library does', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect([...withSpecial.ours.encode(value)]).toEqual(withSpecial.library(value));
      }),
      { numRuns: 500 },
    );
    expect([...withSpecial.ours.encode('a [MASK]b')]).toContain(103);
    expect([...plain.ours.encode('a [MASK]b')]).not.toContain(103);
  });

  it('gives a text the same ids when its words are in the cache', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(plain.ours.encode(value)).toEqual(plain.ours.encode(value));
      }),
    );
  });

  it('reads the first 65,536 units of a giant text, and one giant word as unknown', () => {
    expect(plain.ours.encode('wine '.repeat(200_000)).length).toBe(Math.ceil(MAX_TEXT_UNITS / 5));
    expect(plain.ours.encode('x'.repeat(1_000_000)).length).toBe(0);
    const han = '中'.repeat(1_000_000);
    expect([...plain.ours.encode(han)]).toEqual(plain.library(han.slice(0, MAX_TEXT_UNITS)));
  });

  it('counts unknown tokens among the tokens that are read', () => {
    const word = 'q'.repeat(101);
    expect(plain.ours.encode(`${word} ${word} wine bar`, { maxTokens: 3 }).length).toBe(1);
    expect(plain.ours.encode('wine bar', { maxTokens: 1 })).toEqual(plain.ours.encode('wine'));
  });

  it('has no tokens for empty and blank texts', () => {
    for (const blank of ['', ' \n\t', '\u0000', '\ud800']) expect(plain.ours.encode(blank).length).toBe(0);
  });
});

describe('splitBertWords', () => {
  it('lets Han characters of all planes stand alone', () => {
    expect(splitBertWords('a𠀀b历c', UNCASED)).toEqual(['a', '𠀀', 'b', '历', 'c']);
  });

  it('puts each letter into lower case on its own, so that a last capital sigma is a plain one', () => {
    expect(splitBertWords('ΛΟΓΟΣ λόγος', UNCASED)).toEqual(['λογοσ', 'λογος']);
  });

  it('keeps case, accents and Han runs where the tokenizer wants them', () => {
    const cased = { cleanText: true, splitHan: false, lowerCase: false, stripAccents: false };
    expect(splitBertWords('Café 历史!', cased)).toEqual(['Café', '历史', '!']);
  });
});
