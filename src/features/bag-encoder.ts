import { HashIndex } from './feature-hash.js';
import { forEachFeature, type TextFeatureOptions } from './text-features.js';

/** The features of one text that the encoder knows: rows of its table, and their weights. */
export interface Bag {
  /** shape [n], distinct rows, in reading order */
  readonly ids: Int32Array;
  /** shape [n], of Euclidean length 1 */
  readonly weights: Float32Array;
}

/** Texts as padded arrays, ready for the graph: a padded cell has row 0 and weight 0. */
export interface BagBatch {
  readonly nRows: number;
  readonly width: number;
  /** shape [nRows, width] */
  readonly ids: Int32Array;
  /** shape [nRows, width] */
  readonly weights: Float32Array;
}

/**
 * Turns a text into a TF-IDF weighted bag of hashed words and n-grams.
 *
 * Weight = (1 + ln tf) * idf, then the bag to length 1. One object serves one thread.
 */
export class BagEncoder {
  readonly nFeatures: number;
  private readonly index: HashIndex;
  private readonly counts: Float32Array;

  /**
   * @param hashes shape [n], the known features, distinct
   * @param idf shape [n]
   */
  constructor(
    readonly options: TextFeatureOptions,
    readonly hashes: Uint32Array,
    readonly idf: Float32Array,
  ) {
    this.nFeatures = hashes.length;
    this.index = new HashIndex(hashes);
    this.counts = new Float32Array(hashes.length);
  }

  encode(text: string): Bag {
    const rows: number[] = [];
    forEachFeature(text, this.options, (hash) => {
      const row = this.index.find(hash);
      if (row >= 0 && this.counts[row]!++ === 0) rows.push(row);
    });
    const ids = Int32Array.from(rows);
    const weights = new Float32Array(ids.length);
    let squares = 0;
    for (let i = 0; i < ids.length; i++) {
      const row = ids[i]!;
      const weight = (1 + Math.log(this.counts[row]!)) * this.idf[row]!;
      this.counts[row] = 0;
      weights[i] = weight;
      squares += weight * weight;
    }
    const scale = 1 / Math.sqrt(squares || 1);
    for (let i = 0; i < ids.length; i++) weights[i]! *= scale;
    return { ids, weights };
  }
}

/** Pad bags to one width (at least 1). */
export function padBags(bags: readonly Bag[]): BagBatch {
  const width = bags.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  const ids = new Int32Array(bags.length * width); // [nRows, width]
  const weights = new Float32Array(bags.length * width); // [nRows, width]
  bags.forEach((bag, row) => {
    ids.set(bag.ids, row * width);
    weights.set(bag.weights, row * width);
  });
  return { nRows: bags.length, width, ids, weights };
}
