import { Command, Option } from 'commander';
import { SPLITS, type Split } from '../../dataset/rows.js';
import { evaluateBundles } from '../../evaluate/evaluate-bundles.js';
import { htmlReport, markdownReport } from '../../evaluate/report/index.js';
import type { CommandContext } from '../context.js';
import { planDestination } from '../destination.js';
import { evaluationJson, evaluationLines } from '../evaluate-output.js';
import { printProblems, printReport, type CommonOptions } from '../output.js';
import { wholeNumber } from '../parse-options.js';
import { progressBar } from '../progress-bar.js';
import { writeWholeFile } from '../write-whole-file.js';

interface Options extends CommonOptions {
  readonly labels: string;
  readonly split: Split;
  readonly sliceBy?: string;
  readonly hub?: string;
  readonly strict?: true;
  readonly html?: string;
  readonly markdown?: string;
  readonly seed: number;
}

export function evaluateCommand({ signal }: CommandContext): Command {
  return new Command('evaluate')
    .description('measure students against given labels: P@k, nDCG@k, Recall@10 and MRR, with intervals')
    .argument('<bundles...>', 'bundle folders; the first is the reference that the others are compared with')
    .requiredOption('--labels <path>', 'labels file as `import` takes it, or a data set folder')
    .addOption(new Option('--split <part>', 'part of a data set folder').choices(SPLITS).default('test'))
    .option('--slice-by <field>', 'also give the figures for each value of this field')
    .option(
      '--html <file>',
      'write a report page: intervals, charts, rare tags, slices, examples, speed, cost',
    )
    .option('--markdown <file>', 'write the tables that a model card takes')
    .option('--hub <model>', "where the students' sentence encoder is, if not where it was in training")
    .option('--seed <n>', 'seed of the intervals and tests', wholeNumber, 1)
    .option('--strict', 'stop at the first row that cannot be used')
    .addHelpText(
      'after',
      `
Tags are compared as exact strings. The ideal counts every distinct label of an item, those that the student cannot
name included; items without labels in a space are left out of its means. Intervals are 95 %, by bootstrap over items;
a difference to the first bundle is paired over the same items and has a p by a randomisation test. The items' own
vectors go to the students that read them.

With --json one bundle gives one report, several give {"bundles":[...]}, each with intervals and differences under
"comparisons".

Examples:
  $ tagdistill evaluate exports/books --labels datasets/books --split test
  $ tagdistill evaluate exports/old exports/new --labels datasets/books --html report.html`,
    )
    .action(async (bundles: string[], options: Options) => {
      const { labels, split, sliceBy, hub, strict, html, markdown, seed } = options;
      // A path that cannot be written is told before the work, not after it.
      for (const file of [html, markdown]) if (file !== undefined) await planDestination(file);
      const bar = progressBar(options);
      const evaluations = await evaluateBundles({
        bundles,
        labels,
        split,
        seed,
        strict: strict ?? false,
        onProgress: bar.onProgress,
        signal,
        ...(sliceBy !== undefined && { sliceBy }),
        ...(hub !== undefined && { hubEncoder: hub }),
      }).finally(() => bar.stop());
      if (html !== undefined) await writeWholeFile(html, htmlReport(evaluations));
      if (markdown !== undefined) await writeWholeFile(markdown, markdownReport(evaluations));
      const { nProblems, problems } = evaluations.reports[0]!;
      printProblems(nProblems, problems, options);
      printReport(evaluationJson(evaluations), options, () => [
        ...evaluationLines(evaluations),
        ...[html, markdown].flatMap((file) => (file === undefined ? [] : [`wrote ${file}`])),
      ]);
    });
}
