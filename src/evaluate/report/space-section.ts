import type { Space } from '../../core/space.js';
import { FREQUENCY_BANDS } from '../../metrics/frequency-band.js';
import { RANKING_METRICS } from '../../metrics/ranking-report.js';
import { TESTED_METRICS } from '../compare-evaluations.js';
import { RANKING_DEPTH } from '../evaluate-scorer.js';
import { charts } from './charts.js';
import { escape } from './escape.js';
import { examplesSection } from './examples-section.js';
import { count, figure, note, percent, pValue, range, table } from './format.js';
import type { Present } from './present.js';
import { selfAgreement } from './self-agreement.js';
import { slices } from './slices.js';
import { seriesClass } from './svg-chart.js';

interface SpaceSectionOptions {
  readonly sliceBy: string | null;
  /** Fixes the intervals that are reckoned here. */
  readonly seed: number;
}

/** Everything about one space: the ranking table, differences, charts, rare tags, slices, the teacher, examples. */
export function spaceSection(
  space: Space,
  present: readonly Present[],
  { sliceBy, seed }: SpaceSectionOptions,
): string {
  const { name, of } = present[0]!;
  return [
    `<h2>${space === 'item' ? 'Item tags' : 'User tags'}</h2>`,
    `<p>${count(of.nItems)} items with labels, ${count(of.nWithoutLabels)} without left out. ${percent(of.outsideVocabulary)} of ${count(of.nLabelUses)} label uses are tags that ${escape(name)} cannot name; they stay in the ideal, so 1 is out of reach.</p>`,
    ranking(present),
    differences(present),
    charts(space, present),
    rareTags(present),
    slices(present, sliceBy),
    selfAgreement(present, seed),
    examplesSection(present[0]!),
  ].join('\n');
}

function ranking(present: readonly Present[]): string {
  const rows = RANKING_METRICS.map((metric) => [
    metric === 'MRR' ? `MRR@${RANKING_DEPTH}` : metric,
    ...present.map(({ of, comparison }) => {
      return `${figure(of.means[metric])} <small>${range(comparison[metric].interval)}</small>`;
    }),
  ]);
  return [
    table(['', ...columnNames(present)], rows, 'Ranking figures'),
    note('Means over items, binary gains, tags as exact strings; in brackets the 95 % interval over items.'),
  ].join('\n');
}

function differences(present: readonly Present[]): string {
  const rows = present.slice(1).flatMap(({ name, comparison }) =>
    TESTED_METRICS.flatMap((metric) => {
      const { difference } = comparison[metric];
      if (difference === null) return [];
      const sign = difference.mean > 0 ? '+' : '';
      const mean = sign + figure(difference.mean);
      const value = `${mean} <small>${range(difference)}</small>`;
      return [[`${escape(name)}, ${metric}`, value, pValue(difference.p)]];
    }),
  );
  if (rows.length === 0) return '';
  const title = `Difference to ${present[0]!.name}`;
  return [
    `<h3>${escape(title)}</h3>`,
    table(['', 'difference', 'p'], rows, title),
    note(
      'Paired over the same items; in brackets the 95 % interval. p: how often chance alone would differ as much, by a randomisation test.',
    ),
  ].join('\n');
}

function rareTags(present: readonly Present[]): string {
  const first = present[0]!.of;
  const bands = FREQUENCY_BANDS.filter((band) => first.bands[band].shareOfUses > 0).map((band) => [
    `${band} <small>${percent(first.bands[band].shareOfUses)} of labels</small>`,
    ...present.map(
      ({ of }) => `${figure(of.bands[band].recall)} <small>${figure(of.bands[band].ndcg)}</small>`,
    ),
  ]);
  const others = [
    ['PSP@5', ...present.map(({ of }) => figure(of.propensity['PSP@5']))],
    ['PSnDCG@5', ...present.map(({ of }) => figure(of.propensity['PSnDCG@5']))],
    ['Coverage@10', ...present.map(({ of }) => figure(of.diversity['Coverage@10']))],
    ['Gini@10', ...present.map(({ of }) => figure(of.diversity['Gini@10']))],
    ['novelty@10, bits', ...present.map(({ of }) => bits(of.diversity['novelty@10']))],
  ];
  return [
    `<h3>Frequent and rare tags: Recall@10 <small>and nDCG@10</small></h3>`,
    table(['', ...columnNames(present)], bands, 'Recall and nDCG by band'),
    note(
      'The labels of one band alone as truth, in the whole ranking. Training items with the tag: head 20 or more, torso 3 or more, tail fewer, unseen none (outside the vocabulary of the first bundle).',
    ),
    table(['', ...columnNames(present)], others, 'Rare tags and diversity'),
    note(
      'PSP and PSnDCG weigh a label by how rarely it was to be seen (Jain et al. 2016), as a share of the best that any ranking reaches. Coverage: share of the vocabulary in any top ten. Gini: 0 where all tags are shown alike, 1 where as few as can be. Novelty: 0 for a tag that every training item has, one bit more for each halving.',
    ),
  ].join('\n');
}

function columnNames(present: readonly Present[]): string[] {
  return present.map(({ name, place }) => {
    return `<span class="chip ${seriesClass(place)}"></span>${escape(name)}`;
  });
}

function bits(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(2);
}
