import { SPACES } from '../../src/core/space.js';
import type { ComparedSpace, ComparedSystem, Cost } from './compare-systems.js';
import type { DataReport } from './data-report.js';
import { fraction, signed, table } from './markdown-table.js';
import { PAIRED_METRICS, type PairedMetric } from './score-run.js';

const COLUMNS = ['P@1', 'P@5', 'nDCG@5', 'nDCG@10', 'PSP@5', 'tail recall@10', 'tail nDCG@10'] as const;

/** Write a data set's figures as Markdown tables, for docs/benchmarks.md. */
export function dataMarkdown({ name, about, seeds, splits, spaces, costs, skipped }: DataReport): string {
  const parts = [`## ${name}`, `${about}. Seeds ${seeds.join(', ')}.`];
  for (const space of SPACES) {
    const of = spaces[space];
    if (of === undefined) continue;
    const facts = splits.flatMap(({ facts: ofSplit }) => ofSplit[space] ?? []);
    const sizes = splits.map(({ nTrain, nTest }) => `${nTrain} / ${nTest}`).join(', ');
    const percent = (of: (fact: (typeof facts)[number]) => number): string =>
      facts.map((fact) => (100 * of(fact)).toFixed(1)).join(', ');
    parts.push(
      `### ${name}, ${space} tags`,
      `Train / test items ${sizes}; tags in training ${facts.map(({ nTags }) => nTags).join(', ')}; of the test's tag uses ${percent(({ tailShare }) => tailShare)} % are of tail tags (1-4 training uses), ${percent(({ unseenShare }) => unseenShare)} % of tags that training never used.`,
      figureTable(of),
      differenceTable(of),
    );
    const slices = sliceTable(of.systems);
    if (slices !== null) parts.push(slices);
  }
  parts.push(`### ${name}, cost`, costTable(costs));
  if (skipped.length > 0) parts.push(skipped.map((of) => `- ${of.name} not run: ${of.reason}`).join('\n'));
  return parts.join('\n\n');
}

function figureTable({ systems }: ComparedSpace): string {
  const best = COLUMNS.map((metric) => Math.max(...systems.map(({ means }) => means[metric])));
  return table(
    ['system', ...COLUMNS],
    systems.map(({ name, means }) => [
      name,
      ...COLUMNS.map((metric, i) => emphasise(fraction(means[metric]), means[metric] === best[i])),
    ]),
  );
}

function differenceTable({ best, systems }: ComparedSpace): string {
  const cell = ({ differences }: ComparedSystem, metric: PairedMetric): string => {
    const difference = differences[metric];
    if (difference === null) return 'best peer';
    const { mean, low, high, p } = difference;
    return `${signed(mean)} [${signed(low)}, ${signed(high)}], p ${p < 0.001 ? '< .001' : fraction(p, 3)}`;
  };
  return table(
    [
      'to the best peer, 95 % interval',
      ...PAIRED_METRICS.map((metric) => `${metric} (${best[metric] ?? 'none'})`),
    ],
    systems.map((system) => [system.name, ...PAIRED_METRICS.map((metric) => cell(system, metric))]),
  );
}

function sliceTable(systems: readonly ComparedSystem[]): string | null {
  const names = Object.keys(systems[0]?.slices ?? {});
  if (names.length === 0) return null;
  const sizes = systems[0]!.slices;
  return table(
    [
      'slice',
      ...names.flatMap((name) => [`${name} (${sizes[name]!.nItems.toFixed(0)} items) nDCG@5`, 'nDCG@10']),
    ],
    systems.map(({ name, slices }) => [
      name,
      ...names.flatMap((slice) => [fraction(slices[slice]!['nDCG@5']), fraction(slices[slice]!['nDCG@10'])]),
    ]),
  );
}

function costTable(costs: readonly Cost[]): string {
  return table(
    [
      'system',
      'training s',
      'CPU s',
      's an epoch',
      'test part s',
      'peak memory MB',
      'model MB',
      'notes of the first seed',
    ],
    costs.map((cost) => [
      cost.name,
      cost.trainSeconds.toFixed(1),
      cost.trainCpuSeconds.toFixed(1),
      cost.epochSeconds?.toFixed(2) ?? '',
      cost.predictSeconds.toFixed(1),
      (cost.peakRssBytes / 1e6).toFixed(0),
      (cost.sizeBytes / 1e6).toFixed(1),
      cost.notes.join('; '),
    ]),
  );
}

function emphasise(text: string, isBest: boolean): string {
  return isBest ? `**${text}**` : text;
}
