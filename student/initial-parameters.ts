import { normal, type Random } from '../src/core/random.js';
import { SPACES, type Space } from '../src/core/space.js';
import type { Bag } from '../src/features/bag-encoder.js';
import { latentSpace } from './latent-space.js';
import { LEXICAL_UNIT, type NetworkParameters, type NetworkShape } from './network.js';
import type { TrainingItems } from './training-items.js';

export interface InitialOptions {
  readonly random: Random;
  readonly threads: number;
  /** The tags' own words as bags, a space: a tag's head starts out pointing at texts that use its words. */
  readonly tagBags: Readonly<Partial<Record<Space, readonly Bag[]>>>;
  /** Length of a head that starts from a tag's own words. */
  readonly tagWordScale: number;
  /** What a tag gains in the logit, at first, when the text has all its words. */
  readonly lexicalScale: number;
  /** Whether biases start from the chance of a tag among all tags, or for an item. */
  readonly biasOf: 'share' | 'odds';
}

/**
 * Fill parameters with what is known before training: embeddings span the latent semantic space, heads point at the
 * tags' own words, biases are the tags' log-frequencies.
 */
export async function fillInitial(
  { embedding, dense }: NetworkParameters,
  shape: NetworkShape,
  items: TrainingItems,
  { random, threads, tagBags, tagWordScale, lexicalScale, biasOf }: InitialOptions,
): Promise<void> {
  embedding.set(await latentSpace(items.bags, { ...shape, random, threads }));
  dense['norm_scale']!.fill(1);
  const inner = dense['hidden_in'];
  if (inner !== undefined) {
    const deviation = 1 / Math.sqrt(shape.nDims);
    for (let i = 0; i < inner.length; i++) inner[i] = deviation * normal(random);
  }
  for (const space of SPACES) {
    const targets = items.targets[space];
    const head = dense[`${space}_head`]; // [nDims, nTags]
    if (targets === undefined || head === undefined) continue;
    dense[`${space}_lexical`]!.fill(lexicalScale / LEXICAL_UNIT);
    // Starting from the tags' own frequencies leaves only what the text changes to be learnt.
    const mass = new Float64Array(targets.nColumns).fill(1e-3);
    targets.indices.forEach((column, i) => (mass[column]! += targets.values[i]!));
    const total = biasOf === 'share' ? mass.reduce((a, b) => a + b, 0) : items.bags.length + 1;
    mass.forEach((m, column) => {
      dense[`${space}_bias`]![column] =
        biasOf === 'share' ? Math.log(m / total) : Math.log(m / Math.max(total - m, 1));
    });
    tagBags[space]?.forEach(({ ids, weights }, tag) => {
      ids.forEach((id, i) => {
        for (let d = 0; d < shape.nDims; d++) {
          head[d * targets.nColumns + tag]! += tagWordScale * weights[i]! * embedding[id * shape.nDims + d]!;
        }
      });
    });
  }
}
