import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  estimateTextTokens,
  estimateTokens,
  IMAGE_TOKENS,
  TOKENS_P95_FACTOR,
} from '../../../teacher/money/estimate-tokens.js';

interface Counted {
  readonly name: string;
  readonly text: string;
  /** Counts of other implementations; how they were made stands in the file. */
  readonly o200k: number;
  readonly cl100k: number;
  readonly llama3: number;
}

const { texts } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'token-counts.json'), 'utf8'),
) as { readonly texts: readonly Counted[] };
const languages = texts.filter(({ name }) => /^[a-z]{2}(-[a-z]+)?$/u.test(name));
const ofOurOwn = texts.filter((text) => !languages.includes(text));

const error = (text: string, count: number): number => estimateTextTokens(text) / count - 1;

describe('estimateTextTokens', () => {
  it.each(ofOurOwn)('is within 6 % of three tokenizers on $name', ({ text, o200k, cl100k, llama3 }) => {
    for (const count of [o200k, cl100k, llama3]) expect(Math.abs(error(text, count))).toBeLessThan(0.06);
  });

  it.each(languages)(
    'is within 25 % of the tokenizers of newer models on $name',
    ({ text, o200k, llama3 }) => {
      for (const count of [o200k, llama3]) expect(Math.abs(error(text, count))).toBeLessThan(0.25);
    },
  );

  it('covers what GPT-4o counts by its factor of error', () => {
    for (const { text, o200k } of texts) {
      expect(estimateTextTokens(text) * TOKENS_P95_FACTOR).toBeGreaterThanOrEqual(o200k);
    }
  });

  it('is 0 for an empty text and 1 at least for any other letter', () => {
    expect(estimateTextTokens('')).toBe(0);
    for (const text of ['a', '7', '.', '猫', 'か', '고', 'ж', 'é', '\ud83d', 'ש', '\n']) {
      expect(estimateTextTokens(text)).toBeGreaterThanOrEqual(1);
    }
  });

  it('counts figures by three and long blanks by many', () => {
    expect(estimateTextTokens('123456')).toBe(estimateTextTokens('123') * 2 - 1);
    expect(estimateTextTokens(`a${' '.repeat(160)}b`)).toBeLessThan(15);
  });

  it('never falls when a text grows, and is a whole number, whatever the text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const both = estimateTextTokens(a + b);
        expect(Number.isInteger(both)).toBe(true);
        expect(both).toBeGreaterThanOrEqual(estimateTextTokens(a));
      }),
    );
  });
});

describe('estimateTokens', () => {
  it('adds what servers add to each message and to a request', () => {
    expect(estimateTokens([])).toBe(3);
    expect(estimateTokens([{ role: 'user', content: '' }])).toBe(7);
  });

  it('counts an image by a constant, not by the size of its data', () => {
    const url = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const content = [
      { type: 'text', text: 'a cat' },
      { type: 'image_url', image_url: { url } },
      { type: 'image_url', image_url: { url } },
    ] as const;
    const without = estimateTokens([{ role: 'user', content: 'a cat' }]);
    expect(estimateTokens([{ role: 'user', content }])).toBe(without + 2 * IMAGE_TOKENS);
    expect(estimateTokens([{ role: 'user', content }], { imageTokens: 85 })).toBe(without + 170);
  });
});
