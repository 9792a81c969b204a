import { Command, Option } from 'commander';
import { SPACES, type Space } from '../../core/space.js';
import { summariseTags, type TagsSummary } from '../../tags/summarise-tags.js';
import { count, percent, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger, share } from '../parse-options.js';
import type { CommandContext } from '../context.js';

interface Options extends CommonOptions {
  readonly tau: number;
  readonly depth: number;
  readonly space?: Space;
  readonly top: number;
  readonly write?: true;
}

export function tagsCountCommand({ signal }: CommandContext): Command {
  return new Command('count')
    .description('count the tags of a data set, merge spellings and choose the cover set')
    .argument('<dataset>', 'data set folder')
    .option('--tau <share>', 'share of the items that the cover set must cover', share, 0.99)
    .option('--depth <n>', 'an item counts as covered by this many tags', positiveInteger, 1)
    .addOption(new Option('--space <space>', 'only this space').choices(SPACES))
    .option('--top <n>', 'tags of the cover set to list', positiveInteger, 10)
    .option('--write', 'write cover_set.arrow into the data set folder')
    .addHelpText(
      'after',
      `
Example:
  $ tagdistill tags count datasets/books --depth 2 --top 20`,
    )
    .action(async (dataset: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { tau, depth, write, space: only, top } = options;
      const summaries = await summariseTags(dataset, { tau, depth, write: write ?? false, signal });
      const shown = SPACES.filter((space) => only === undefined || space === only).filter(
        (space) => summaries[space] !== undefined,
      );
      printReport(Object.fromEntries(shown.map((space) => [space, summaries[space]])), options, () => [
        ...table(
          ['space', 'uses', 'raw', 'normalised', 'canonical', 'cover set', 'tag recall'],
          shown.map((space) => countsRow(space, summaries[space]!)),
        ),
        ...shown.flatMap((space) => ['', ...topRows(space, summaries[space]!, top)]),
        ...(write === true ? ['', `wrote ${dataset}/cover_set.arrow`] : []),
      ]);
    });
}

function countsRow(
  space: Space,
  { nUses, nRaw, nNormalised, nCanonical, coverSet, recall }: TagsSummary,
): string[] {
  return [space, ...[nUses, nRaw, nNormalised, nCanonical, coverSet.length].map(count), percent(recall)];
}

function topRows(space: Space, { coverSet }: TagsSummary, top: number): string[] {
  return table(
    [`${space} tags of the cover set`, 'items', 'new'],
    coverSet
      .slice(0, top)
      .map(({ tag, itemsCovered, marginalGain }) => [tag, count(itemsCovered), count(marginalGain)]),
  );
}
