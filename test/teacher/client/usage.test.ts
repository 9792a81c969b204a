import { describe, expect, it } from 'vitest';
import { readUsage } from '../../../teacher/client/usage.js';

const counted = { prompt_tokens: 10, completion_tokens: 4 };

describe('readUsage', () => {
  it.each([
    [{ prompt_tokens_details: { cached_tokens: 8 } }, 8],
    [{ prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2 }, 8],
    [{ cached_tokens: 8 }, 8],
    [{ cache_read_input_tokens: 8 }, 8],
    [{ prompt_tokens_details: null }, 0],
    [{ prompt_tokens_details: { cached_tokens: -1 } }, 0],
    [{ cached_tokens: 99 }, 10],
  ])('reads cached tokens of %j as %d', (more, tokensCached) => {
    expect(readUsage({ ...counted, ...more })).toEqual({ tokensIn: 10, tokensCached, tokensOut: 4 });
  });

  it('counts the tokens of thoughts once', () => {
    const usage = { ...counted, completion_tokens_details: { reasoning_tokens: 3 } };
    expect(readUsage(usage)?.tokensOut).toBe(4);
  });

  it('reads the spelling of newer interfaces', () => {
    const usage = { input_tokens: 10, output_tokens: 4, input_tokens_details: { cached_tokens: 1 } };
    expect(readUsage(usage)).toEqual({ tokensIn: 10, tokensCached: 1, tokensOut: 4 });
  });

  it.each([
    undefined,
    null,
    'many',
    [],
    {},
    { prompt_tokens: 10 },
    { ...counted, completion_tokens: -1 },
    { ...counted, prompt_tokens: 1.5 },
    { ...counted, prompt_tokens: '10' },
  ])('is null for %j, so that it is estimated', (usage) => expect(readUsage(usage)).toBeNull());
});
