import { seededRandom, type Random } from '../../../src/core/random.js';
import type { BenchItem, BenchTag, DataSource } from './bench-split.js';

const N_TRAIN = 100_000;
const N_TEST = 2_000;
const N_TAGS = 20_000;
const N_WORDS = 60_000;
const WORDS_A_TAG = 6;

/**
 * Texts made of their tags' words, for the cost of a large case; its quality says nothing.
 *
 * Tags follow Zipf's law; each has six words of its own and a text of 40 words draws four in five from its 3 to 9
 * tags, the rest from all words.
 */
export const synthetic: DataSource = {
  name: 'synthetic',
  about: `made texts, ${N_TRAIN} items x ${N_TAGS} tags: for time and memory alone`,
  split: (seed) => {
    const random = seededRandom(seed);
    const tagWords = Array.from({ length: N_TAGS }, () =>
      Array.from({ length: WORDS_A_TAG }, () => word(Math.floor(random() * N_WORDS))),
    );
    const drawTag = zipf(N_TAGS, random);
    const drawWord = zipf(N_WORDS, random);
    const makeItem = (id: number): BenchItem => {
      const tags = new Set<number>();
      const nTags = 3 + Math.floor(random() * 7);
      while (tags.size < nTags) tags.add(drawTag());
      const list = [...tags];
      const words = Array.from({ length: 40 }, () =>
        random() < 0.8
          ? tagWords[list[Math.floor(random() * nTags)]!]![Math.floor(random() * WORDS_A_TAG)]!
          : word(drawWord()),
      );
      return {
        id: String(id),
        text: words.join(' '),
        item_tags: list.map((tag): BenchTag => [`tag ${tag}`, null]),
      };
    };
    const items = Array.from({ length: N_TRAIN + N_TEST }, (_, i) => makeItem(i));
    return Promise.resolve({ train: items.slice(0, N_TRAIN), test: items.slice(N_TRAIN) });
  },
};

/** A made-up word: the number in syllables. */
function word(n: number): string {
  const syllables = 'ba ce di fo gu ha je ki lo mu na pe qi ro su ta ve wi xo zu'.split(' ');
  let letters = '';
  for (let rest = n + 400; rest > 0; rest = Math.floor(rest / 20)) letters += syllables[rest % 20]!;
  return letters;
}

/** Draw from 0 to n - 1, the chance of i being proportional to 1 / (i + 10). */
function zipf(n: number, random: Random): () => number {
  const cumulative = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) cumulative[i] = sum += 1 / (i + 10);
  return () => {
    const at = random() * sum;
    let low = 0;
    for (let high = n - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
