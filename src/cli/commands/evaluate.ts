import { Command, Option } from 'commander';
import { SPACES } from '../../core/space.js';
import { SPLITS, type Split } from '../../dataset/rows.js';
import { evaluateBundle, type EvaluateReport } from '../../evaluate/evaluate-bundle.js';
import { RANKING_METRICS, type RankingFigures } from '../../metrics/ranking-report.js';
import { count, figure, percent, printProblems, printReport, table, type CommonOptions } from '../output.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';

interface Options extends CommonOptions {
  readonly labels: string;
  readonly split: Split;
  readonly sliceBy?: string;
  readonly strict?: true;
}

export function evaluateCommand({ signal }: CommandContext): Command {
  return new Command('evaluate')
    .description('measure a student against given labels: P@k, nDCG@k, Recall@10 and MRR, a space')
    .argument('<bundle>', 'bundle folder')
    .requiredOption('--labels <path>', 'labels file as `import` takes it, or a data set folder')
    .addOption(new Option('--split <part>', 'part of a data set folder').choices(SPLITS).default('test'))
    .option('--slice-by <field>', 'also give the figures for each value of this field')
    .option('--strict', 'stop at the first row that cannot be used')
    .addHelpText(
      'after',
      `
Tags are compared as exact strings. The ideal counts every distinct label of an item, those that the student cannot
name included; items without labels in a space are left out of its means.

Example:
  $ tagdistill evaluate exports/books --labels datasets/books --split test`,
    )
    .action(async (bundle: string, options: Options) => {
      const bar = progressBar(options);
      const { labels, split, sliceBy, strict } = options;
      const report = await evaluateBundle({
        bundle,
        labels,
        split,
        strict: strict ?? false,
        onProgress: bar.onProgress,
        signal,
        ...(sliceBy !== undefined && { sliceBy }),
      }).finally(() => bar.stop());
      printProblems(report.nProblems, report.problems, options);
      printReport(forJson(report), options, () => lines(report));
    });
}

function lines(report: EvaluateReport): string[] {
  return SPACES.flatMap((space) => {
    const of = report.spaces[space];
    if (of === undefined) return [];
    const slices = Object.entries(of.slices);
    const columns = [of as RankingFigures, ...slices.map(([, figures]) => figures)];
    const rows = RANKING_METRICS.map((name) => [
      name === 'MRR' ? `MRR@${report.depth}` : name,
      ...columns.map(({ means }) => figure(means[name])),
    ]);
    return [
      `${space} tags: ${count(of.nItems)} items, ${count(of.nWithoutLabels)} without labels left out; ${percent(of.outsideVocabulary)} of ${count(of.nLabelUses)} label uses are outside the vocabulary`,
      ...table(['', 'all', ...slices.map(([name, { nItems }]) => `${name} (${count(nItems)})`)], rows),
      '',
    ];
  }).slice(0, -1);
}

function forJson({ spaces, problems, ...report }: EvaluateReport): object {
  const withoutItems = ({ perItem: _, ...figures }: RankingFigures): object => figures;
  return {
    ...report,
    spaces: Object.fromEntries(
      Object.entries(spaces).map(([space, { slices, ...of }]) => [
        space,
        {
          ...withoutItems(of),
          slices: Object.fromEntries(
            Object.entries(slices).map(([name, figures]) => [name, withoutItems(figures)]),
          ),
        },
      ]),
    ),
    problems: problems.map(({ message, hint }) => ({ message, hint })),
  };
}
