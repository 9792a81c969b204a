import { Command, Option } from 'commander';
import { SPACES } from '../../core/space.js';
import { SPLITS, type Split } from '../../dataset/rows.js';
import { compareEvaluations, type Comparisons } from '../../evaluate/compare-evaluations.js';
import { evaluateBundle, type EvaluateReport } from '../../evaluate/evaluate-bundle.js';
import { htmlReport, markdownReport } from '../../evaluate/report/index.js';
import { planDestination } from '../destination.js';
import { writeWholeFile } from '../write-whole-file.js';
import { RANKING_METRICS, type RankingFigures } from '../../metrics/ranking-report.js';
import {
  count,
  figure,
  percent,
  printProblems,
  printReport,
  problemsForJson,
  table,
  type CommonOptions,
} from '../output.js';
import { wholeNumber } from '../parse-options.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';

interface Options extends CommonOptions {
  readonly labels: string;
  readonly split: Split;
  readonly sliceBy?: string;
  readonly strict?: true;
  readonly html?: string;
  readonly markdown?: string;
  readonly seed: number;
}

export function evaluateCommand({ signal }: CommandContext): Command {
  return new Command('evaluate')
    .description('measure a student against given labels: P@k, nDCG@k, Recall@10 and MRR, a space')
    .argument('<bundles...>', 'bundle folders; the first is the reference that the others are compared with')
    .requiredOption('--labels <path>', 'labels file as `import` takes it, or a data set folder')
    .addOption(new Option('--split <part>', 'part of a data set folder').choices(SPLITS).default('test'))
    .option('--slice-by <field>', 'also give the figures for each value of this field')
    .option('--html <file>', 'write a report page: intervals, charts, slices, examples')
    .option('--markdown <file>', 'write the tables that a model card takes')
    .option('--seed <n>', 'seed of the intervals and tests', wholeNumber, 1)
    .option('--strict', 'stop at the first row that cannot be used')
    .addHelpText(
      'after',
      `
Tags are compared as exact strings. The ideal counts every distinct label of an item, those that the student cannot
name included; items without labels in a space are left out of its means.

With --json one bundle gives one report, several give {"bundles":[...]}, each with intervals and differences.

Examples:
  $ tagdistill evaluate exports/books --labels datasets/books --split test
  $ tagdistill evaluate exports/old exports/new --labels datasets/books --html report.html`,
    )
    .action(async (bundles: string[], options: Options) => {
      const { labels, split, sliceBy, strict, html, markdown, seed } = options;
      // A path that cannot be written is told before the work, not after it.
      for (const file of [html, markdown]) if (file !== undefined) await planDestination(file);
      const reports: EvaluateReport[] = [];
      for (const bundle of bundles) {
        const bar = progressBar(options);
        const report = await evaluateBundle({
          bundle,
          labels,
          split,
          strict: strict ?? false,
          onProgress: bar.onProgress,
          signal,
          ...(sliceBy !== undefined && { sliceBy }),
        }).finally(() => bar.stop());
        reports.push(report);
      }
      const comparisons = compareEvaluations(reports, { seed });
      if (html !== undefined) await writeWholeFile(html, htmlReport({ reports, comparisons }));
      if (markdown !== undefined) await writeWholeFile(markdown, markdownReport({ reports, comparisons }));
      printProblems(reports[0]!.nProblems, reports[0]!.problems, options);
      const documents = reports.map((report, i) => forJson(report, comparisons[i]!));
      printReport(documents.length === 1 ? documents[0] : { bundles: documents }, options, () => [
        ...reports.flatMap((report, i) => [
          ...(reports.length > 1 ? [`${i > 0 ? '\n' : ''}${report.bundle}`] : []),
          ...lines(report),
        ]),
        ...[html, markdown].flatMap((file) => (file === undefined ? [] : [`wrote ${file}`])),
      ]);
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

function forJson({ spaces, problems, ...report }: EvaluateReport, comparisons: Comparisons[number]): object {
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
    comparisons,
    problems: problemsForJson(problems),
  };
}
