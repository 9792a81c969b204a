import { topK } from '../core/top-k.js';
import type { SparseRows } from '../core/sparse.js';
import type { Bag, BagEncoder } from '../features/bag-encoder.js';

/** Ranks the tags of a text, best first, as columns of the training labels. */
export interface Ranker {
  rank(text: string, k: number): number[];
}

/** Rank the same for every text: the tags of most training items first. */
export function popularityRanker(labels: SparseRows): Ranker {
  const uses = new Float64Array(labels.nColumns);
  for (const column of labels.indices) uses[column]!++;
  return { rank: (_text, k) => topK(uses, k) };
}

export interface NeighbourOptions {
  /** How many of the nearest training items vote. */
  readonly nNeighbours: number;
}

/**
 * Rank by votes of the nearest training texts: cosine of TF-IDF bags times the strength of the tag.
 *
 * A tag without a strength votes with 1. All training texts are searched, through an inverted index.
 */
export function neighbourRanker(
  encoder: BagEncoder,
  texts: readonly string[],
  labels: SparseRows,
  { nNeighbours }: NeighbourOptions,
): Ranker {
  const bags = texts.map((text) => encoder.encode(text));
  const postings = invert(bags, encoder.nFeatures);
  return {
    rank(text, k) {
      const similarity = new Float32Array(texts.length);
      const { ids, weights } = encoder.encode(text);
      for (let i = 0; i < ids.length; i++) {
        const { items, values } = postings[ids[i]!]!;
        for (let j = 0; j < items.length; j++) similarity[items[j]!]! += weights[i]! * values[j]!;
      }
      const votes = new Float64Array(labels.nColumns);
      for (const item of topK(similarity, nNeighbours)) {
        for (let i = labels.offsets[item]!; i < labels.offsets[item + 1]!; i++) {
          const strength = labels.values[i]!;
          votes[labels.indices[i]!]! += similarity[item]! * (Number.isNaN(strength) ? 1 : strength);
        }
      }
      return topK(votes, k).filter((column) => votes[column]! > 0);
    },
  };
}

function invert(bags: readonly Bag[], nFeatures: number): { items: number[]; values: number[] }[] {
  const postings = Array.from({ length: nFeatures }, () => ({
    items: [] as number[],
    values: [] as number[],
  }));
  bags.forEach(({ ids, weights }, item) => {
    ids.forEach((id, i) => {
      postings[id]!.items.push(item);
      postings[id]!.values.push(weights[i]!);
    });
  });
  return postings;
}
