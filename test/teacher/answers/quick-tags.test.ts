import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseTag } from '../../../src/tags/index.js';
import { readTagText } from '../../../teacher/answers/tag-text.js';

const part = fc.constantFrom(
  'violin',
  'U2',
  '1917',
  '0.9',
  "o'",
  's',
  '-',
  "'",
  ' ',
  '  ',
  '.',
  '1',
  'İ',
  '(',
  ':',
);
const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''));
// Blanks at both ends go in any case, and keep a text from the quick path.
const slowly = (tag: string): string => ` ${tag} `;

describe('a tag of plain words', () => {
  it('is read as every other entry is', () => {
    fc.assert(
      fc.property(text, (tag) => {
        const read = readTagText(slowly(tag));
        if (typeof read === 'string') expect(readTagText(tag)).toBeTypeOf('string');
        else expect(readTagText(tag)).toEqual(read);
      }),
      { numRuns: 1000 },
    );
  });

  it('is normalised as every other tag is', () => {
    fc.assert(
      fc.property(text, (tag) => {
        // A list mark with nothing but blanks behind it is no tag of plain words.
        fc.pre(tag === tag.trim());
        expect(normaliseTag(tag)).toBe(normaliseTag(slowly(tag)));
      }),
      { numRuns: 1000 },
    );
  });
});
