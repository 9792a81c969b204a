import { TagdistillError } from '../core/errors.js';
import type { ItemInput } from '../features/item-encoder.js';
import type { Scorer } from '../runtime/scorer.js';

/**
 * Leave the vector out of an item where the student reads none, so that students with and without vectors can be
 * measured on the same labels.
 *
 * @throws TagdistillError `E_BAD_INPUT` if the student reads vectors of another length
 */
export function scorerInput<T extends ItemInput & { readonly id: string }>(item: T, scorer: Scorer): T {
  const { embedding, ...rest } = item;
  const { nEmbeddingDims } = scorer;
  if (embedding === undefined || embedding.length === nEmbeddingDims) return item;
  if (nEmbeddingDims === 0) return rest as T;
  throw new TagdistillError(
    'E_BAD_INPUT',
    `the embedding of item ${JSON.stringify(item.id)} has ${embedding.length} numbers, the student reads ${nEmbeddingDims}`,
    { hint: 'Give labels whose vectors come from the model that the training items were embedded with.' },
  );
}
