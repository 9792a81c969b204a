import { Command } from 'commander';
import { SPACES, type Space } from '../../core/space.js';
import { buildLibrary, type BuildReport } from '../../tags/library/build-library.js';
import { readDecisions } from '../../tags/library/read-decisions.js';
import { MERGE_THRESHOLD } from '../../tags/merge/semantic.js';
import type { CommandContext } from '../context.js';
import { openTagVectors } from '../open-tag-vectors.js';
import { count, figure, percent, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger, share } from '../parse-options.js';
import { progressBar } from '../progress-bar.js';
import { today } from '../today.js';

interface Options extends CommonOptions {
  readonly out: string;
  readonly date?: string;
  readonly tau: number;
  readonly depth: number;
  readonly minTags?: number;
  readonly maxTags?: number;
  readonly maxOverlap: number;
  readonly historyDays: number;
  readonly steadyDays: number;
  readonly margin: number;
  readonly top: number;
  readonly encoder?: string;
  readonly mergeThreshold: number;
  readonly decisions?: string;
  readonly spellingOnly?: true;
}

export function tagsBuildCommand({ signal }: CommandContext): Command {
  return new Command('build')
    .description('make a tag library: aliases, cover set, logic edges')
    .argument('<dataset...>', 'data set folders')
    .requiredOption('--out <folder>', 'library folder to write; an old library there is replaced')
    .option('--date <date>', 'the first day, as 2026-11-24 (default: today, UTC)')
    .option('--tau <share>', 'share of the items that the cover set must cover', share, 0.99)
    .option('--depth <n>', 'an item counts as covered by this many tags', positiveInteger, 3)
    .option('--min-tags <n>', 'go deeper until there are so many tags', positiveInteger)
    .option('--max-tags <n>', 'stop at so many tags', positiveInteger)
    .option('--max-overlap <bound>', 'no two chosen tags nearer than this, in cosine; 1: no bound', share, 1)
    .option('--history-days <n>', 'days of the window; a tag unseen in it is retired', positiveInteger, 14)
    .option('--steady-days <n>', 'days running that a tag should help before it comes in', positiveInteger, 3)
    .option('--margin <share>', 'or the share of the items that it should help at once', share, 0.002)
    .option('--top <n>', 'logic edges of a tag', positiveInteger, 20)
    .option('--encoder <folder>', 'static encoder (default: the one that ships)')
    .option(
      '--merge-threshold <cosine>',
      'least cosine of tags that are merged by meaning',
      share,
      MERGE_THRESHOLD,
    )
    .option('--decisions <file>', 'JSON Lines of what people decided about merges; see tags merges')
    .option('--spelling-only', 'merge spellings alone, and measure --max-overlap by shared items: no encoder')
    .addHelpText(
      'after',
      `
Example:
  $ tagdistill tags build datasets/books --out libraries/books`,
    )
    .action(async (datasets: string[], _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const {
        date = today(),
        encoder,
        spellingOnly,
        decisions: decisionsFile,
        maxTags,
        minTags,
        json: _json,
        quiet: _quiet,
        ...rest
      } = options;
      const bar = progressBar(options);
      try {
        const vectors = spellingOnly === true ? undefined : await openTagVectors(encoder);
        const decisions =
          decisionsFile === undefined ? undefined : await readDecisions(decisionsFile, { signal });
        const report = await buildLibrary(datasets, {
          ...rest,
          date,
          ...(minTags !== undefined && { minTags }),
          ...(maxTags !== undefined && { maxTags }),
          ...(vectors && { vectors }),
          ...(decisions && { decisions }),
          onProgress: bar.onProgress,
          signal,
        });
        bar.stop();
        printReport({ dir: options.out, ...report }, options, () => lines(options.out, report));
      } finally {
        bar.stop();
      }
    });
}

function lines(dir: string, { manifest, covers, symmetry, logic }: BuildReport): string[] {
  const present = SPACES.filter((space) => manifest.spaces[space] !== undefined);
  const row = (space: Space): string[] => {
    const { nRaw, nCanonical, nLive } = manifest.spaces[space]!;
    const { recall, meanTagsPerItem, gini, nItems } = symmetry.spaces[space]!;
    return [
      space,
      ...[nItems, nRaw, nCanonical, nLive].map(count),
      ...[percent(covers[space]!.windowRecall), percent(recall)],
      ...[meanTagsPerItem.toFixed(1), figure(gini)],
    ];
  };
  const { depth } = manifest.options;
  const header = ['space', 'items', 'raw', 'canonical', 'cover set', `recall at ${depth}`, 'recall at 1'];
  return [
    `wrote ${dir}`,
    ...table([...header, 'cover tags an item', 'Gini of uses'], present.map(row)),
    `tags that stand in both spaces: ${count(symmetry.nShared)}`,
    `logic edges: i2u ${count(manifest.logic.i2u)} of ${count(logic.nAnswered.i2u)} answers, u2i ${count(manifest.logic.u2i)} of ${count(logic.nAnswered.u2i)}`,
  ];
}
