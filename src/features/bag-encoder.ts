import { HashIndex } from './feature-hash.js';
import { forEachFeature, hashStem, type FeatureSection, type TextFeatureOptions } from './text-features.js';

/** What an encoder knows. */
export interface FeatureTable {
  /** shape [nFeatures], hashes of words and n-grams, ascending */
  readonly hashes: Uint32Array;
  /** shape [nFeatures], inverse document frequencies */
  readonly idf: Float32Array;
  /** shape [nStems], hashes of the stems of the words in tags, ascending */
  readonly stems: Uint32Array;
}

/** The features of one text that the encoder knows: rows of its table, and their weights. */
export interface Bag {
  /** shape [n], distinct rows, in reading order */
  readonly ids: Int32Array;
  /** shape [n]; the features of the text together have the Euclidean length 1, those of its lead another */
  readonly weights: Float32Array;
  /** shape [m], distinct stems that tags use too, in reading order */
  readonly stems: Int32Array;
}

/** Texts as padded arrays, ready for the graph: a padded cell has row 0 and weight 0, a padded stem is nStems. */
export interface BagBatch {
  readonly nRows: number;
  readonly width: number;
  /** shape [nRows, width] */
  readonly ids: Int32Array;
  /** shape [nRows, width] */
  readonly weights: Float32Array;
  readonly stemWidth: number;
  /** shape [nRows, stemWidth] */
  readonly stems: Int32Array;
}

/**
 * Turns a text into a TF-IDF weighted bag of hashed words and n-grams, and the set of its stems that tags use.
 *
 * Weight = (1 + ln tf) * idf, then the text's to length 1 and the lead's to the weight of the lead. One object serves one thread.
 */
export class BagEncoder {
  readonly nFeatures: number;
  readonly nStems: number;
  private readonly index: HashIndex;
  private readonly stemIndex: HashIndex;
  private readonly counts: Float32Array;
  private readonly hasStem: Uint8Array;

  constructor(
    readonly options: TextFeatureOptions,
    readonly table: FeatureTable,
  ) {
    this.nFeatures = table.hashes.length;
    this.nStems = table.stems.length;
    this.index = new HashIndex(table.hashes);
    this.stemIndex = new HashIndex(table.stems);
    this.counts = new Float32Array(this.nFeatures);
    this.hasStem = new Uint8Array(this.nStems);
  }

  encode(text: string): Bag {
    const rows: Record<FeatureSection, number[]> = { text: [], lead: [] };
    const words = forEachFeature(text, this.options, (hash, section) => {
      const row = this.index.find(hash);
      if (row >= 0 && this.counts[row]!++ === 0) rows[section].push(row);
    });
    const ids = Int32Array.from([...rows.text, ...rows.lead]);
    const weights = new Float32Array(ids.length);
    const nText = rows.text.length;
    this.weigh(ids, weights, { start: 0, end: nText, length: 1 });
    this.weigh(ids, weights, { start: nText, end: ids.length, length: this.options.leadWeight });
    return { ids, weights, stems: this.stemsOf(words) };
  }

  /** Weigh the rows from start to end, to one length together, and forget their counts. */
  private weigh(
    ids: Int32Array,
    weights: Float32Array,
    { start, end, length }: { readonly start: number; readonly end: number; readonly length: number },
  ): void {
    let squares = 0;
    for (let i = start; i < end; i++) {
      const row = ids[i]!;
      const weight = (1 + Math.log(this.counts[row]!)) * this.table.idf[row]!;
      this.counts[row] = 0;
      weights[i] = weight;
      squares += weight * weight;
    }
    const scale = length / Math.sqrt(squares || 1);
    for (let i = start; i < end; i++) weights[i]! *= scale;
  }

  private stemsOf(words: readonly string[]): Int32Array {
    const found: number[] = [];
    for (const word of words) {
      const stem = this.stemIndex.find(hashStem(word));
      if (stem < 0 || this.hasStem[stem] === 1) continue;
      this.hasStem[stem] = 1;
      found.push(stem);
    }
    for (const stem of found) this.hasStem[stem] = 0;
    return Int32Array.from(found);
  }
}

/**
 * Pad bags to one width (at least 1).
 *
 * @param nStems what a padded stem is
 */
export function padBags(bags: readonly Bag[], nStems: number): BagBatch {
  const width = bags.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  const ids = new Int32Array(bags.length * width); // [nRows, width]
  const weights = new Float32Array(bags.length * width); // [nRows, width]
  bags.forEach((bag, row) => {
    ids.set(bag.ids, row * width);
    weights.set(bag.weights, row * width);
  });
  return { nRows: bags.length, width, ids, weights, ...padStems(bags, nStems) };
}

/** Pad the stems of bags alone, as {@link padBags} does. */
export function padStems(bags: readonly Bag[], nStems: number): Pick<BagBatch, 'stemWidth' | 'stems'> {
  const stemWidth = bags.reduce((most, { stems }) => Math.max(most, stems.length), 1);
  const stems = new Int32Array(bags.length * stemWidth).fill(nStems); // [nRows, stemWidth]
  bags.forEach((bag, row) => stems.set(bag.stems, row * stemWidth));
  return { stemWidth, stems };
}
