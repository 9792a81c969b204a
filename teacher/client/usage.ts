import type { Usage } from './chat-types.js';
import { asObject, type JsonObject } from './http-reply.js';

/**
 * Read how many tokens a call took, in the spellings of OpenAI, DeepSeek, Moonshot and Anthropic's gateways.
 *
 * @returns null unless both sides are whole numbers from 0 on; more cached tokens than there are count as all
 */
export function readUsage(value: unknown): Usage | null {
  const usage = asObject(value);
  if (usage === null) return null;
  const tokensIn = count(usage, 'prompt_tokens') ?? count(usage, 'input_tokens');
  const tokensOut = count(usage, 'completion_tokens') ?? count(usage, 'output_tokens');
  if (tokensIn === null || tokensOut === null) return null;
  return { tokensIn, tokensCached: Math.min(tokensIn, cached(usage)), tokensOut };
}

function cached(usage: JsonObject): number {
  const details = asObject(usage['prompt_tokens_details']) ?? asObject(usage['input_tokens_details']);
  return (
    (details === null ? null : count(details, 'cached_tokens')) ??
    count(usage, 'prompt_cache_hit_tokens') ??
    count(usage, 'cached_tokens') ??
    count(usage, 'cache_read_input_tokens') ??
    0
  );
}

function count(values: JsonObject, name: string): number | null {
  const value = values[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
