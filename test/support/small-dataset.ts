import { seededRandom } from '../../src/core/random.js';
import type { Split } from '../../src/dataset/rows.js';
import { writeDataset } from '../../src/dataset/write-dataset.js';

const TOPICS = {
  vineyard: {
    words: ['wine', 'grape', 'harvest', 'tuscany', 'cellar'],
    users: ['sommelier', 'slow traveller'],
  },
  submarine: {
    words: ['sonar', 'torpedo', 'crew', 'depth', 'navy'],
    users: ['naval officer', 'thriller reader'],
  },
  orchard: { words: ['apple', 'blossom', 'bees', 'cider', 'ladder'], users: ['gardener', 'slow traveller'] },
  chess: {
    words: ['gambit', 'bishop', 'endgame', 'clock', 'rating'],
    users: ['chess player', 'puzzle solver'],
  },
} as const;

/** An item of the small data set: words of one topic, and the tags that go with it. */
export interface SmallItem {
  readonly id: string;
  readonly text: string;
  readonly split: Split;
  readonly itemTags: readonly (readonly [string, number])[];
  readonly userTags: readonly (readonly [string, number])[];
  /** A vector of the item's own, of one length in all items that have one. */
  readonly embedding?: Float32Array;
}

/** Make items whose tags follow from their words, the same for the same arguments. */
export function smallItems(nItems = 120, seed = 5): SmallItem[] {
  const random = seededRandom(seed);
  const names = Object.keys(TOPICS) as (keyof typeof TOPICS)[];
  return Array.from({ length: nItems }, (_, i) => {
    const topic = names[i % names.length]!;
    const { words, users } = TOPICS[topic];
    const text = Array.from({ length: 12 }, () => words[Math.floor(random() * words.length)]).join(' ');
    const split: Split = i % 10 === 8 ? 'validation' : i % 10 === 9 ? 'test' : 'train';
    return {
      id: `book-${i}`,
      text: `A story of ${text}.`,
      split,
      itemTags: [
        [topic, 0.9],
        ['narrative', 0.4],
      ],
      userTags: users.map((user, rank) => [user, 0.8 - 0.3 * rank] as const),
    };
  });
}

/** Write items as a data set folder, through the same writer that import and replay use. */
export async function writeSmallDataset(
  out: string,
  items: readonly SmallItem[] = smallItems(),
): Promise<void> {
  await writeDataset({
    out,
    write: async (open) => {
      const nDims = items.find(({ embedding }) => embedding !== undefined)?.embedding?.length;
      const itemRows = await open('items', nDims === undefined ? {} : { nDims });
      const tagRows = await open('item_tags');
      for (const { id, text, split, itemTags, userTags, embedding } of items) {
        const vector = embedding && { embedding };
        await itemRows.append({ item_id: id, text, group: null, split, fields: null, ...vector });
        for (const [space, tags] of [
          ['item', itemTags],
          ['user', userTags],
        ] as const) {
          for (const [rank, [tag, score]] of tags.entries()) {
            const counts = { votes: 1, samples: 1, logprob: null, call_keys: [] };
            await tagRows.append({ item_id: id, space, tag_raw: tag, tag, rank, score, ...counts });
          }
        }
      }
      return { card: '# small\n', result: undefined };
    },
  });
}
