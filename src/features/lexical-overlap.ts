import { HashIndex } from './feature-hash.js';
import { hashStem } from './text-features.js';
import { splitWords } from './words.js';

/**
 * Measures which share of a tag's own words a text has, each stem weighted by rarity: for tags that a student's graph
 * does not know. Known stems weigh as in training; one that no training tag has weighs as the rarest.
 */
export class LexicalOverlap {
  private readonly index: HashIndex;
  private readonly rarest: number;

  /**
   * @param stems shape [nStems], hashes of the stems of known tags
   * @param stemIdf shape [nStems]
   */
  constructor(
    stems: Uint32Array,
    private readonly stemIdf: Float32Array,
  ) {
    this.index = new HashIndex(stems);
    this.rarest = stemIdf.reduce((most, idf) => Math.max(most, idf), 1);
  }

  /** Give the stems of a text's first words, as hashes. */
  stemsOf(text: string, maxWords = Infinity): Set<number> {
    return new Set(splitWords(text).slice(0, maxWords).map(hashStem));
  }

  /** Give the share of the tag's stems that the text has, from 0 to 1; 0 for a tag without words. */
  overlap(tag: string, textStems: ReadonlySet<number>): number {
    let [found, total] = [0, 0];
    for (const stem of this.stemsOf(tag)) {
      const row = this.index.find(stem);
      const weight = row >= 0 ? this.stemIdf[row]! : this.rarest;
      total += weight;
      if (textStems.has(stem)) found += weight;
    }
    return total > 0 ? found / total : 0;
  }
}
