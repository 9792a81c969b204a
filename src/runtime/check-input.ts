import { TagdistillError } from '../core/errors.js';
import type { ItemInput } from '../features/item-encoder.js';

/**
 * Check one value that should be scored.
 *
 * @param index its place in the list, for messages
 * @param nDims numbers in a vector that the student reads; 0 for none
 * @throws TagdistillError `E_BAD_INPUT`
 */
export function checkInput(input: unknown, index: number, nDims: number): ItemInput {
  if (typeof input === 'string') return { text: input };
  if (typeof input !== 'object' || input === null) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `text ${index} is no string but ${input === null ? 'null' : typeof input}`,
    );
  }
  const { text, embedding } = input as Record<string, unknown>;
  if (text !== undefined && typeof text !== 'string') {
    throw new TagdistillError('E_BAD_INPUT', `the text of item ${index} is no string but ${typeof text}`);
  }
  if (text === undefined && embedding === undefined) {
    throw new TagdistillError('E_BAD_INPUT', `item ${index} has neither text nor embedding`);
  }
  if (embedding === undefined) return { text: text! };
  if (nDims === 0) {
    throw new TagdistillError('E_BAD_INPUT', `item ${index} has an embedding, but the student reads none`, {
      hint: 'Leave the embedding out, or train with items that have one.',
    });
  }
  const { length } = (embedding ?? {}) as { readonly length?: unknown };
  if (typeof embedding !== 'object' || typeof length !== 'number') {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `the embedding of item ${index} is no list of numbers but ${embedding === null ? 'null' : typeof embedding}`,
    );
  }
  if (length !== nDims) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `the embedding of item ${index} has ${length} numbers, the student reads ${nDims}`,
    );
  }
  const values = embedding as ArrayLike<number>;
  for (let i = 0; i < nDims; i++) {
    if (!Number.isFinite(values[i])) {
      throw new TagdistillError(
        'E_BAD_INPUT',
        `number ${i} of the embedding of item ${index} is ${values[i]}`,
      );
    }
  }
  return { embedding: values, ...(text !== undefined && { text }) };
}
