import { Command, Option } from 'commander';
import { SPACES, type Space } from '../../core/space.js';
import { mergesOfDatasets, type SpaceMerges } from '../../tags/library/dataset-merges.js';
import { readDecisions } from '../../tags/library/read-decisions.js';
import { MERGE_THRESHOLD } from '../../tags/merge/semantic.js';
import type { CommandContext } from '../context.js';
import { openTagVectors } from '../open-tag-vectors.js';
import { count, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger, share } from '../parse-options.js';

interface Options extends CommonOptions {
  readonly decisions?: string;
  readonly threshold: number;
  readonly encoder?: string;
  readonly space?: Space;
  readonly top: number;
}

export function tagsMergesCommand({ signal }: CommandContext): Command {
  return new Command('merges')
    .description('list the tags that are merged by meaning, and those that nearly were')
    .argument('<dataset...>', 'data set folders')
    .option('--decisions <file>', 'JSON Lines of what people decided; goes before everything else')
    .option('--threshold <cosine>', 'least cosine of tags that are merged by meaning', share, MERGE_THRESHOLD)
    .option('--encoder <folder>', 'static encoder (default: the one that ships)')
    .addOption(new Option('--space <space>', 'only this space').choices(SPACES))
    .option('--top <n>', 'merges and near misses to list; --json has all', positiveInteger, 20)
    .addHelpText(
      'after',
      `
A decision is a line of JSON: {"space":"user","a":"film buff","b":"movie buff","same":true} joins two tags or, with
false, keeps them apart; {"space":"item","tag":"sci-fi","canonical":"science fiction"} names the tag that is printed.

Example:
  $ tagdistill tags merges datasets/books --decisions decisions.jsonl`,
    )
    .action(async (datasets: string[], _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { threshold, encoder, space: only, top } = options;
      const decisions =
        options.decisions === undefined ? undefined : await readDecisions(options.decisions, { signal });
      const { vectorOf } = await openTagVectors(encoder);
      const merges = await mergesOfDatasets(datasets, {
        ...{ vectorOf, threshold, signal },
        ...(decisions && { decisions }),
      });
      const shown = SPACES.filter((space) => only === undefined || space === only).filter(
        (space) => merges[space] !== undefined,
      );
      printReport(Object.fromEntries(shown.map((space) => [space, merges[space]])), options, () => [
        ...table(
          ['space', 'raw', 'spellings merged', 'meanings merged', 'merges', 'near misses'],
          shown.map((space) => countsRow(space, merges[space]!)),
        ),
        ...shown.flatMap((space) => lists(space, merges[space]!, top)),
      ]);
    });
}

function countsRow(space: Space, of: SpaceMerges): string[] {
  const counts = [of.nRaw, of.nSpelled, of.nCanonical, of.merges.length, of.nearMisses.length];
  return [space, ...counts.map(count)];
}

function lists(
  space: Space,
  { merges, nearMisses, nUnusedDecisions, nRaw, nSpelled, nCompared }: SpaceMerges,
  top: number,
): string[] {
  const cosine = (value: number | null): string => (value === null ? 'decided' : value.toFixed(2));
  const notes = [
    ...(nUnusedDecisions > 0
      ? [`decisions on ${space} tags that are not here: ${count(nUnusedDecisions)}`]
      : []),
    ...(nCompared < nSpelled && nCompared < nRaw
      ? [`compared by meaning: the ${count(nCompared)} most used ${space} tags`]
      : []),
  ];
  return [
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    ...table(
      [`${space} tag`, 'counts as', 'uses', 'cosine'],
      merges
        .slice(0, top)
        .map(({ tag, canonical, uses, similarity }) => [tag, canonical, count(uses), cosine(similarity)]),
    ),
    '',
    ...table(
      [`${space} tags kept apart`, 'and', 'cosine', 'because'],
      nearMisses.slice(0, top).map(({ a, b, similarity, because }) => [a, b, cosine(similarity), because]),
    ),
  ];
}
