import { SPACES, type Space } from '../../../src/core/space.js';
import { fraction, signed, table } from '../markdown-table.js';
import type { PairedDifference } from '../paired-difference.js';
import { HELD_OUT_SHARE } from './hold-out.js';
import { RANKERS, type Ranker } from './rank-new-tags.js';
import type { NewTagsFigures, NewTagsSpace } from './score-new-tags.js';

export interface NewTagsReport {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly spaces: Readonly<Partial<Record<Space, NewTagsSpace>>>;
}

/** Write the figures of new tags as Markdown tables. */
export function newTagsMarkdown({ name, seeds, spaces }: NewTagsReport): string {
  const parts = [
    `## ${name}, new tags`,
    `${100 * HELD_OUT_SHARE} % of the training tags of each space held out of the labels; each test item that has one of them, and all of them to be ranked. Seeds ${seeds.join(', ')}.`,
  ];
  for (const space of SPACES) {
    const of = spaces[space];
    if (of === undefined) continue;
    const row = (who: string, { ndcg, recall }: NewTagsFigures): string[] => [
      who,
      fraction(ndcg),
      fraction(recall),
    ];
    parts.push(
      `### ${name}, new ${space} tags`,
      `Tags to rank ${of.nTags.join(', ')}; items ${of.nItems.join(', ')}.`,
      table(
        ['ranked by', 'nDCG@10', 'recall@10'],
        [
          ...Object.entries(RANKERS).map(([ranker, about]) => row(about, of.rankers[ranker as Ranker])),
          row('random order, expected', of.random),
        ],
      ),
      `Student that never saw the tags less cosine, 95 % interval: nDCG@10 ${interval(of.toCosine.ndcg)}, recall@10 ${interval(of.toCosine.recall)}.`,
    );
  }
  return parts.join('\n\n');
}

function interval({ mean, low, high }: PairedDifference): string {
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}
