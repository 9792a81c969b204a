import { Command } from 'commander';
import { basename, resolve } from 'node:path';
import { importLabels, type ImportReport } from '../../dataset/import-labels.js';
import { SPLITS } from '../../dataset/rows.js';
import { SPACES } from '../../core/space.js';
import { normaliseTag } from '../../tags/normalise.js';
import { count, printProblems, printReport, problemsForJson, table, type CommonOptions } from '../output.js';
import { share, wholeNumber } from '../parse-options.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';

interface Options extends CommonOptions {
  readonly out: string;
  readonly groupBy?: string;
  readonly embeddingColumn?: string;
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
  readonly strict?: true;
  readonly overwrite?: true;
}

export function importCommand({ signal }: CommandContext): Command {
  return new Command('import')
    .description('make a data set from your own labels: JSONL, CSV, TSV (also .gz), Parquet or Arrow')
    .argument(
      '<labels>',
      'file with rows {"id","text","tags":[...]} or {"id","text","item_tags","user_tags"}',
    )
    .requiredOption('--out <folder>', 'data set folder to make')
    .option('--group-by <field>', 'items with the same value of this field stay in one split')
    .option(
      '--embedding-column <field>',
      'vector of each item, a list of numbers (default: embedding, if there)',
    )
    .option('--validation-share <share>', 'held back to choose epochs and calibration', share, 0.1)
    .option('--test-share <share>', 'held back for evaluation', share, 0)
    .option('--seed <n>', 'seed of the split', wholeNumber, 1)
    .option('--strict', 'stop at the first row that cannot be used')
    .option('--overwrite', 'replace a data set that stands at --out')
    .addHelpText(
      'after',
      `
A tag is "tag" or ["tag", strength] with a strength from 0 to 1. In CSV the tag columns (tags, item_tags, user_tags)
hold JSON, or tags with | or ; between them. An item with a vector may lack a text. A field "split" (train, validation, test) is kept as given.

Example:
  $ tagdistill import labels.jsonl --out datasets/mine --group-by author`,
    )
    .action(async (labels: string, options: Options) => {
      const bar = progressBar(options);
      const { groupBy, embeddingColumn, strict, overwrite, out, validationShare, testShare, seed } = options;
      const report = await importLabels({
        labels,
        out,
        validationShare,
        testShare,
        seed,
        strict: strict ?? false,
        overwrite: overwrite ?? false,
        normalise: normaliseTag,
        onProgress: bar.onProgress,
        signal,
        ...(groupBy !== undefined && { groupBy }),
        ...(embeddingColumn !== undefined && { embeddingColumn }),
      }).finally(() => bar.stop());
      printProblems(report.nProblems, report.problems, options);
      printReport(forJson(report), options, () => [
        `${report.dir}: ${count(report.nItems)} items (${SPLITS.map((split) => `${split} ${count(report.nBySplit[split])}`).join(', ')})`,
        ...(report.embeddings
          ? [
              `given vectors of ${count(report.embeddings.nDims)} numbers: ${count(report.embeddings.nGiven)} items`,
            ]
          : []),
        ...table(
          ['tags', 'uses', 'distinct'],
          SPACES.flatMap((space) => {
            const of = report.tags[space];
            return of === undefined ? [] : [[space, count(of.nUses), count(of.nDistinct)]];
          }),
        ),
        `next: tagdistill train ${report.dir} --out exports/${basename(resolve(report.dir))}`,
      ]);
    });
}

function forJson({ problems, ...report }: ImportReport): object {
  return { ...report, problems: problemsForJson(problems) };
}
