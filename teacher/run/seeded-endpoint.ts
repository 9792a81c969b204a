import type { ModelEndpoint } from '../questions/question.js';

/** Give each sample its own seed: a server that samples by a seed would give all of them the same answer. */
export function seededEndpoint(endpoint: ModelEndpoint, sample: number): ModelEndpoint {
  const { seed } = endpoint.params;
  if (sample === 0 || typeof seed !== 'number') return endpoint;
  return { ...endpoint, params: { ...endpoint.params, seed: seed + sample } };
}
