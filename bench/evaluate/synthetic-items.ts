import { seededRandom, type Random } from '../../src/core/random.js';
import type { TallyItem } from '../../src/evaluate/space-tally.js';

export const N_TAGS = 20_000;
export const N_PREDICTIONS = 20;
const N_LABELS = 9;

/** Training counts that fall as natural tags do: the tag of rank r has about 1 / r of the first one's. */
export function syntheticUses(nTraining: number): Map<string, number> {
  return new Map(
    Array.from({ length: N_TAGS }, (_, rank) => [`tag ${rank}`, Math.ceil(nTraining / 10 / (rank + 1))]),
  );
}

/** Make items one at a time, the same for the same seed: 9 labels, 20 predictions of which a third is right. */
export function* syntheticItems(nItems: number, seed = 1): Generator<TallyItem & { readonly id: string }> {
  const random = seededRandom(seed);
  for (let i = 0; i < nItems; i++) {
    const truth = new Set(Array.from({ length: N_LABELS }, () => drawTag(random)));
    const labels = [...truth];
    const ranking = new Set<string>();
    while (ranking.size < N_PREDICTIONS) {
      ranking.add(random() < 0.3 ? labels[Math.floor(random() * labels.length)]! : drawTag(random));
    }
    const scores = [...ranking].map((tag, place) => ({ tag, score: (1 - random() / 50) * 0.9 ** place }));
    yield { id: String(i), text: `A synthetic text, number ${i}.`, truth, scores };
  }
}

function drawTag(random: Random): string {
  return `tag ${Math.floor(N_TAGS ** random()) - 1}`;
}
