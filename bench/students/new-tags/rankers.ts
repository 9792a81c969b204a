import { readBundle } from '../../../src/bundle/read-bundle.js';
import { packagePath } from '../../../src/core/package-info.js';
import type { Space } from '../../../src/core/space.js';
import { LexicalOverlap } from '../../../src/features/lexical-overlap.js';
import { readStaticEncoder } from '../../../src/features/read-static-encoder.js';
import type { Scorer } from '../../../src/runtime/scorer.js';

/** Puts tags in order for a text, best first; equal scores stay in the order given. */
export type RankTags = (
  text: string,
  tags: readonly string[],
  space: Space,
) => Promise<readonly string[]> | readonly string[];

/** Rank as a student does: tags it knows by their columns, others by their words. */
export function byStudent(scorer: Scorer): RankTags {
  return async (text, tags, space) => (await scorer.rank(text, tags, { space })).map(({ tag }) => tag);
}

/** Rank by the cosine of the text's and the tag's vectors, by the static encoder that ships with the package. */
export async function byCosine(): Promise<RankTags> {
  const { encoder } = await readStaticEncoder(packagePath('exports', 'encoders', 'minilm-static'));
  const tagVectors = new Map<string, Float32Array>();
  return (text, tags) => {
    const own = encoder.vector(text);
    return byScore(tags, (tag) => {
      const vector = tagVectors.get(tag) ?? encoder.vector(tag);
      tagVectors.set(tag, vector);
      return vector.reduce((sum, value, d) => sum + value * own[d]!, 0);
    });
  };
}

/** Rank by the share of the tag's words that the text has, weighted by rarity as in a student. */
export async function byOverlap(bundleDir: string): Promise<RankTags> {
  const { bag, stemIdf, manifest } = await readBundle(bundleDir);
  const lexical = new LexicalOverlap(bag.table.stems, stemIdf);
  return (text, tags) => {
    const stems = lexical.stemsOf(text, manifest.encoder.bag.maxWords);
    return byScore(tags, (tag) => lexical.overlap(tag, stems));
  };
}

function byScore(tags: readonly string[], scoreOf: (tag: string) => number): string[] {
  return tags
    .map((tag) => ({ tag, score: scoreOf(tag) }))
    .sort((a, b) => b.score - a.score)
    .map(({ tag }) => tag);
}
