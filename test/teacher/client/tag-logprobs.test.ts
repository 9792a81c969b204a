import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenLogprob } from '../../../teacher/client/chat-client.js';
import { tagLogprobs } from '../../../teacher/client/tag-logprobs.js';
import { tokensOf } from '../../support/fault-answers.js';

/** Tokens as given, each twice as unlikely as the one before: a sum tells which were taken. */
const tokens = (...texts: readonly string[]): TokenLogprob[] =>
  texts.map((token, i) => ({ token, logprob: -(2 ** i) }));
const sums = (given: readonly TokenLogprob[], tags: readonly string[]): unknown =>
  tagLogprobs(given.map(({ token }) => token).join(''), given, tags);

describe('tagLogprobs', () => {
  it('sums the tokens of a tag, without the quotes of JSON', () => {
    expect(sums(tokens('["', 'vio', 'lin', '", "', 'oak', '"]'), ['violin', 'oak'])).toEqual([
      ['violin', -6],
      ['oak', -16],
    ]);
  });

  it('counts a token that a tag shares with what stands beside it', () => {
    expect(sums(tokens('[', '"vio', 'lin",', ' "oak"]'), ['violin'])).toEqual([['violin', -6]]);
  });

  it('takes a string before a key of the same name, and a key where there is no string', () => {
    const given = tokens('{"', 'tag', '": "', 'tag', '", "', 'score', '": 1}');
    expect(sums(given, ['tag', 'score'])).toEqual([
      ['tag', -8],
      ['score', -32],
    ]);
  });

  it('gives a tag that stands twice its places in order', () => {
    expect(sums(tokens('["', 'oak', '", "', 'oak', '"]'), ['oak', 'oak'])).toEqual([
      ['oak', -2],
      ['oak', -8],
    ]);
  });

  it('finds the entry of a list, not the word in the sentence before', () => {
    expect(sums(tokens('For', ' oak', ':\n', '1', '.', ' oak', ' (0.9)'), ['oak'])).toEqual([['oak', -32]]);
  });

  it('does not take a part of a longer word', () => {
    expect(sums(tokens('- ', 'oaken', ' cask', '\n- ', 'oak'), ['oak'])).toEqual([['oak', -16]]);
  });

  it('finds tags in scripts without blanks', () => {
    expect(sums(tokens('1. ', '小提', '琴', '课\n'), ['小提琴课'])).toEqual([['小提琴课', -14]]);
  });

  it('finds a tag that JSON escapes', () => {
    expect(sums(tokens('["', 'caf', '\\u00e9', ' \\"noir\\"', '"]'), ['café "noir"'])).toEqual([
      ['café "noir"', -14],
    ]);
  });

  it('leaves the thoughts of a model out of its answer', () => {
    expect(sums(tokens('<think>', '"oak"', '?', '</think>', '["', 'oak', '"]'), ['oak'])).toEqual([
      ['oak', -32],
    ]);
  });

  it('ignores tokens before the text, as of thoughts that the server took off', () => {
    const given = tokens('hm', '\n', '["', 'oak', '"]');
    expect(tagLogprobs('["oak"]', given, ['oak'])).toEqual([['oak', -8]]);
  });

  it('leaves out a tag whose place cannot be found', () => {
    expect(sums(tokens('["', 'oak', '"]'), ['elm', 'oak'])).toEqual([['oak', -2]]);
    expect(sums(tokens('["', 'oak', '"]'), ['elm'])).toBeNull();
  });

  it('is null where the tokens are of another text, or broken without their bytes', () => {
    expect(tagLogprobs('["oak"]', tokens('["elm"]'), ['oak'])).toBeNull();
    expect(tagLogprobs('["é"]', tokens('["', '\ufffd', '\ufffd', '"]'), ['é'])).toBeNull();
    expect(tagLogprobs('', [], ['oak'])).toBeNull();
  });

  it('adds up to all that was said where tags are the whole text, in any letters', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((tag) => tag.isWellFormed()),
          { minLength: 1, maxLength: 8 },
        ),
        (tags) => {
          const text = JSON.stringify(tags);
          const given = tokensOf(text);
          const found = tagLogprobs(text, given, tags) ?? [];
          expect(found.map(([tag]) => tag)).toEqual(tags);
          const total = given.reduce((sum, { logprob }) => sum + logprob, 0);
          for (const [, logprob] of found) {
            expect(logprob).toBeLessThan(0);
            expect(logprob).toBeGreaterThanOrEqual(total - 1e-6);
          }
        },
      ),
    );
  });
});
