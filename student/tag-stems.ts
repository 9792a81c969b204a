import type { Bag } from '../src/features/bag-encoder.js';
import type { TagStems } from './network.js';

/** Weigh stems by rarity in the training texts: ln((1 + n) / (1 + texts with the stem)) + 1, shape [nStems]. */
export function stemIdf(bags: readonly Bag[], nStems: number): Float32Array {
  const nTextsWith = new Uint32Array(nStems);
  for (const { stems } of bags) for (const stem of stems) nTextsWith[stem]!++;
  return Float32Array.from(nTextsWith, (n) => Math.log((1 + bags.length) / (1 + n)) + 1);
}

/**
 * List the stems of each tag's own words, each with its share of the tag.
 *
 * @param tagBags the tags' names, encoded as texts are
 */
export function tagStems(tagBags: readonly Bag[], idf: Float32Array): TagStems {
  const width = tagBags.reduce((most, { stems }) => Math.max(most, stems.length), 1);
  const nTags = tagBags.length;
  const ids = new Int32Array(width * nTags).fill(idf.length); // [width, nTags]
  const weights = new Float32Array(width * nTags); // [width, nTags]
  tagBags.forEach(({ stems }, tag) => {
    const total = stems.reduce((sum, stem) => sum + idf[stem]!, 0);
    stems.forEach((stem, i) => {
      ids[i * nTags + tag] = stem;
      weights[i * nTags + tag] = idf[stem]! / total;
    });
  });
  return { width, ids, weights };
}
