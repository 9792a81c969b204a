import { SPACES, type Space } from '../src/core/space.js';
import type { NetworkParameters, NetworkShape } from './network.js';

/**
 * Fold what all tags of a space share into each tag's column: head + tied * vectors of the tags' words.
 *
 * @returns shape [nDims, nTags]
 */
export function tagColumns(
  space: Space,
  { nDims, nTags, tagVectors }: NetworkShape,
  { dense }: NetworkParameters,
): Float32Array {
  const columns = dense[`${space}_head`]!.slice();
  const tied = dense[`${space}_tied`]; // [nDims, nTagDims]
  if (tied === undefined || tagVectors === undefined) return columns;
  const n = nTags[space]!;
  const vectors = tagVectors.values[space]!; // [nTagDims, nTags]
  for (let d = 0; d < nDims; d++) {
    for (let j = 0; j < tagVectors.nDims; j++) {
      const weight = tied[d * tagVectors.nDims + j]!;
      const from = j * n;
      const to = d * n;
      for (let tag = 0; tag < n; tag++) columns[to + tag]! += weight * vectors[from + tag]!;
    }
  }
  return columns;
}

/** The mean bias of the space's rarest tags: those that are used as often as the least used one. */
export function newTagBias(bias: Float32Array, uses: readonly number[]): number {
  const fewest = uses.reduce((a, b) => Math.min(a, b), Infinity);
  let [sum, n] = [0, 0];
  uses.forEach((count, tag) => {
    if (count === fewest) [sum, n] = [sum + bias[tag]!, n + 1];
  });
  return n > 0 ? sum / n : 0;
}

/** The spaces that a shape has tags in. */
export function spacesOf({ nTags }: Pick<NetworkShape, 'nTags'>): Space[] {
  return SPACES.filter((space) => nTags[space] !== undefined);
}
