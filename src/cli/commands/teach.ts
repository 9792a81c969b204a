import { Command } from 'commander';
import { TagdistillError } from '../../core/errors.js';
import { SPACES } from '../../core/space.js';
import { SPLITS } from '../../dataset/rows.js';
import { replayAnswers } from '../../../teacher/index.js';
import { count, printProblems, printReport, problemsForJson, table, type CommonOptions } from '../output.js';
import { share, wholeNumber } from '../parse-options.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';

interface Options extends CommonOptions {
  readonly replay?: string[];
  readonly items?: string;
  readonly out: string;
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
  readonly strict?: true;
  readonly overwrite?: true;
}

export function teachCommand({ signal }: CommandContext): Command {
  return new Command('teach')
    .description("make a data set from a teacher's answers (recorded ones; live runs are not there yet)")
    .option('--replay <answers...>', 'recorded answers: JSONL files, or the calls.arrow of a data set')
    .option('--items <file>', 'the items that were tagged: JSONL, CSV, Parquet or Arrow')
    .requiredOption('--out <folder>', 'data set folder to make')
    .option('--validation-share <share>', 'for items that state no split', share, 0.1)
    .option('--test-share <share>', 'for items that state no split', share, 0.15)
    .option('--seed <n>', 'seed of the split', wholeNumber, 1)
    .option('--strict', 'stop at the first row or answer that cannot be used')
    .option('--overwrite', 'replace a data set that stands at --out')
    .addHelpText(
      'after',
      `
An item2tag answer is a line {"id","sample","raw"}, a tag2tag answer {"source","direction","sample","raw"}; raw is the
text of the answer as it came.

Example:
  $ tagdistill teach --replay datasets/books/calls.arrow --items datasets/books/items.arrow --out /tmp/books`,
    )
    .action(async (options: Options) => {
      if (options.replay === undefined) {
        throw new TagdistillError('E_BAD_OPTION', 'asking a live LLM is not there yet', {
          hint: 'Give recorded answers with --replay, or import labels with `tagdistill import`.',
        });
      }
      const bar = progressBar(options);
      const { items, strict, overwrite, out, validationShare, testShare, seed } = options;
      const report = await replayAnswers({
        answers: options.replay,
        out,
        splits: { validationShare, testShare, seed },
        strict: strict ?? false,
        overwrite: overwrite ?? false,
        onProgress: bar.onProgress,
        signal,
        ...(items !== undefined && { items }),
      }).finally(() => bar.stop());
      printProblems(report.nProblems, report.problems, options);
      const problems = problemsForJson(report.problems);
      printReport({ ...report, problems }, options, () => [
        `${report.dir}: ${count(report.nItems)} items (${SPLITS.map((split) => `${split} ${count(report.nBySplit[split])}`).join(', ')})`,
        `${count(report.nAnswers)} answers, ${count(report.nUnparseable)} of them unreadable; ${count(report.nEdges)} tag edges`,
        ...table(
          ['tags', 'uses', 'raw', 'normalised', 'canonical'],
          SPACES.flatMap((space) => {
            const of = report.tags[space];
            if (of === undefined) return [];
            return [[space, count(of.nUses), count(of.nRaw), count(of.nNormalised), count(of.nCanonical)]];
          }),
        ),
      ]);
    });
}
