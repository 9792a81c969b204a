import fc from 'fast-check';
import { expect, it } from 'vitest';
import { glob } from '../../../teacher/money/glob.js';

it.each([
  ['gpt', 'gpt', true],
  ['gpt', 'gpt-4', false],
  ['*', '', true],
  ['gpt*', 'gpt', true],
  ['*mini', 'gpt-mini', true],
  ['a*b*c', 'a-c-b-c', true],
  ['a*b*c', 'ac', false],
  ['ab*ba', 'aba', false],
  ['gpt.4', 'gpt-4', false],
  ['[a]', 'a', false],
  ['**', 'any', true],
])('by the pattern %s, %s fits: %s', (pattern, name, fits) => {
  expect(glob(pattern)(name)).toBe(fits);
});

it('agrees with a regular expression on all patterns', () => {
  const letters = (unit: string[]) => fc.string({ unit: fc.constantFrom(...unit), maxLength: 8 });
  fc.assert(
    fc.property(letters(['a', 'b', '*']), letters(['a', 'b']), (pattern, name) => {
      const expression = new RegExp(`^${pattern.replace(/\*+/gu, '.*')}$`, 'u');
      expect(glob(pattern)(name)).toBe(expression.test(name));
    }),
    { numRuns: 2000 },
  );
});
