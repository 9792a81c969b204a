import type { Usage } from '../client/chat-client.js';

/** What a model costs, in US dollars per million tokens, which is micro-dollars a token. */
export interface Price {
  readonly inPerMillion: number;
  /** Input that the server had in its cache. */
  readonly cachedInPerMillion: number;
  readonly outPerMillion: number;
  /** The share of the cost that a batch saves, in [0, 1]. */
  readonly batchDiscount: number;
  /** Input tokens of one image; absent where the price file does not say. */
  readonly imageTokens?: number;
  /** The day on which the price was looked up, as its file says. */
  readonly asOf?: string;
}

export interface CostOptions {
  readonly isBatch?: boolean;
}

// Sums of products like 0.07 x 100 come out a hair above the whole number.
const HAIR = 1e-6;

/**
 * Give the cost of a call in whole micro-dollars, rounded up, so that a budget never fails by rounding.
 *
 * Cached tokens are part of the input tokens; where a server says that there are more of them, all input is cached.
 */
export function costMicrousd(
  { tokensIn, tokensCached, tokensOut }: Usage,
  { inPerMillion, cachedInPerMillion, outPerMillion, batchDiscount }: Price,
  { isBatch = false }: CostOptions = {},
): number {
  const cached = Math.min(tokensCached, tokensIn);
  const full = (tokensIn - cached) * inPerMillion + cached * cachedInPerMillion + tokensOut * outPerMillion;
  return Math.ceil(Math.max(0, full * (isBatch ? 1 - batchDiscount : 1) - HAIR));
}
