import { BagEncoder } from './bag-encoder.js';
import { forEachFeature, hashStem, type TextFeatureOptions } from './text-features.js';
import { splitWords } from './words.js';

export interface FitBagEncoderOptions extends TextFeatureOptions {
  /** Leave out n-grams of words or characters that fewer texts have; single words are kept from one text on. */
  readonly minTextsOfNgrams: number;
  /** Keep at most this many features, those of most texts first. */
  readonly maxFeatures: number;
  /** Tags whose words are looked for in texts. */
  readonly tags?: Iterable<string>;
}

/**
 * Learn which features to know, and their inverse document frequencies, from training texts.
 *
 * idf = ln((1 + n) / (1 + texts with the feature)) + 1. Rows are in order of hash, so that the result depends
 * on the texts alone and not on their order.
 */
export function fitBagEncoder(texts: Iterable<string>, options: FitBagEncoderOptions): BagEncoder {
  const nTextsWith = new Map<number, number>();
  let nTexts = 0;
  const words = new Set<number>();
  const seen = new Set<number>();
  for (const text of texts) {
    seen.clear();
    forEachFeature(text, options, (hash, _, kind) => {
      seen.add(hash);
      if (kind === 'word') words.add(hash);
    });
    for (const hash of seen) nTextsWith.set(hash, (nTextsWith.get(hash) ?? 0) + 1);
    nTexts++;
  }
  const kept = [...nTextsWith]
    .filter(([hash, n]) => n >= options.minTextsOfNgrams || words.has(hash))
    .sort(([hashA, a], [hashB, b]) => b - a || hashA - hashB)
    .slice(0, options.maxFeatures)
    .sort(([a], [b]) => a - b);
  const hashes = Uint32Array.from(kept, ([hash]) => hash);
  const idf = Float32Array.from(kept, ([, n]) => Math.log((1 + nTexts) / (1 + n)) + 1);
  const stems = new Set<number>();
  for (const tag of options.tags ?? []) for (const word of splitWords(tag)) stems.add(hashStem(word));
  const { wordNgrams, maxWords, leadWeight } = options;
  return new BagEncoder(
    { wordNgrams, maxWords, leadWeight },
    { hashes, idf, stems: Uint32Array.from(stems).sort() },
  );
}
