import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { readStaticEncoder } from '../../src/features/read-static-encoder.js';
import { MINILM_STATIC } from '../support/minilm.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { itWithPython, runPython } from './python.js';

const folder = temporaryFolder();

const TEXTS = [
  'A Game of Thrones: the first book of A Song of Ice and Fire.',
  "It's a naïve café in İstanbul — ΛΟΓΟΣ, λόγος, Straße.",
  '東京の本屋で 历史 𠀀𠀁b 한국어 हिन्दी ไทย',
  '🙂 🧑‍🏫 ❤️ a\u200db \u00ad \ufeff \u0085 \ue000 \ufffd',
  'a\u0000b\u0001c\u007f\u000bd\u00a0e\u2003f\u2028g',
  '[CLS] [MASK] [UNK] [unused5] <s>',
  `${'x'.repeat(101)} ${'x'.repeat(100)} wine`,
  'wine '.repeat(700),
  '',
  ' \n\t',
];

const fragment = fc.oneof(
  fc.constantFrom(
    ...'the wine CAFÉ naïve C++ 3.14 $5 ﬁn Σίσυφος ОЙ Ёлка 中 𠀀 か゚ が 각 ½ ① Ⅷ ǅ ß'.split(' '),
  ),
  fc.constantFrom(
    ' ',
    '\n',
    '\u00a0',
    '\u0301',
    '\u0338',
    '\u20dd',
    '🙂',
    '👍🏽',
    '!',
    '、',
    '“',
    '£',
    '≠',
    '\u00ad',
  ),
);
const fuzzed = fc.sample(
  fc.array(fragment, { maxLength: 20 }).map((parts) => parts.join('')),
  { numRuns: 400, seed: 7 },
);

describe('the static encoder that ships with the package', () => {
  itWithPython(
    ['model2vec'],
    "gives the ids of the reference tokenizer, and Model2Vec's vectors within 1e-5",
    async () => {
      const texts = [...TEXTS, ...fuzzed];
      const file = await folder.write('texts.json', JSON.stringify(texts));
      const theirs = JSON.parse(await runPython('static_encoder.py', MINILM_STATIC, file)) as {
        ids: number[][];
        vectors: number[][];
      };
      const { encoder } = await readStaticEncoder(MINILM_STATIC);
      texts.forEach((text, i) => {
        expect([...encoder.tokens(text).ids], JSON.stringify(text)).toEqual(theirs.ids[i]);
        encoder
          .vector(text)
          .forEach((value, d) => expect(Math.abs(value - theirs.vectors[i]![d]!)).toBeLessThan(1e-5));
      });
    },
  );
});
