import { nearPairs } from './neighbours.js';

const STEM_LENGTH = 5;
const STEM_SHARE = 0.6;
const STEM_BONUS = 0.15;

/** A tag that comes earlier and is near. */
export interface NearTag {
  /** Its place. */
  readonly to: number;
  readonly similarity: number;
}

/**
 * List for each tag the earlier ones that are at least `floor` near, the nearest first, ties by place.
 *
 * @param tags the most used first
 */
export function nearEarlier(
  tags: readonly string[],
  { vectorOf, floor }: { readonly vectorOf: (tag: string) => Float32Array; readonly floor: number },
): ReadonlyMap<number, readonly NearTag[]> {
  const near = new Map<number, NearTag[]>();
  if (tags.length === 0) return near;
  const nDims = vectorOf(tags[0]!).length;
  const vectors = new Float32Array(tags.length * nDims); // [n, nDims]
  tags.forEach((tag, place) => vectors.set(vectorOf(tag), place * nDims));
  for (const { a, b, similarity } of nearPairs(vectors, { nDims, floor })) {
    const list = near.get(b);
    if (list === undefined) near.set(b, [{ to: a, similarity }]);
    else list.push({ to: a, similarity });
  }
  for (const list of near.values()) list.sort((x, y) => y.similarity - x.similarity || x.to - y.to);
  return near;
}

/**
 * Make a test of whether two words are at least `floor` near, or of one stem ("romance", "romantic") and less near.
 *
 * Each word is encoded once.
 */
export function nearWords(
  vectorOf: (word: string) => Float32Array,
  floor: number,
): (a: string, b: string) => boolean {
  const known = new Map<string, Float32Array>();
  const vector = (word: string): Float32Array => {
    let found = known.get(word);
    if (found === undefined) known.set(word, (found = vectorOf(word.replaceAll('_', ' '))));
    return found;
  };
  return (a, b) => {
    const [ofA, ofB] = [vector(a), vector(b)];
    let dot = 0;
    for (let d = 0; d < ofA.length; d++) dot += ofA[d]! * ofB[d]!;
    return dot >= (haveOneStem(a, b) ? floor - STEM_BONUS : floor);
  };
}

function haveOneStem(a: string, b: string): boolean {
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return shared >= STEM_LENGTH && shared >= STEM_SHARE * Math.min(a.length, b.length);
}
