import type { Space } from '../../core/space.js';
import { RANKING_DEPTH } from '../evaluate-scorer.js';
import type { SpaceEvaluation } from '../space-tally.js';
import { escape } from './escape.js';
import { figure, percent } from './format.js';
import { intervalChart } from './interval-chart.js';
import { lineChart, stepChart, type Series } from './line-chart.js';
import type { Present } from './present.js';

const SHOWN_METRICS = ['P@1', 'nDCG@5', 'nDCG@10', 'Recall@10'] as const;
const MARKED_THRESHOLDS = [0.1, 0.2, 0.3, 0.5];
/** A share of fewer predictions than this is mostly chance. */
const FEW = 20;

/** Draw the four charts of a space, each with a line that says what it means. */
export function charts(space: Space, present: readonly Present[]): string {
  return `<div class="charts">${[intervals, frequency, reliability, precisionRecall].map((draw) => draw(space, present)).join('\n')}</div>`;
}

function intervals(space: Space, present: readonly Present[]): string {
  const groups = SHOWN_METRICS.map((metric) => ({
    name: metric,
    intervals: present.map(({ name, place, comparison }) => ({
      name,
      place,
      interval: comparison[metric].interval,
    })),
  }));
  const title = 'Figures with their intervals';
  return box(
    intervalChart(groups, { id: `${space}-intervals`, title }),
    title,
    'Where the mean would lie, 19 times in 20, had other items of the same kind been drawn.',
  );
}

function frequency(space: Space, present: readonly Present[]): string {
  const { frequency: bins, nLabelUses } = present[0]!.of;
  const kept = bins.flatMap(({ nLabelUses: n }, bin) => (n > 0 ? [bin] : []));
  const title = 'Curve by tag frequency';
  const series = present.map(({ name, place, of }) => ({
    name,
    place,
    values: kept.map((bin) => of.frequency[bin]!.recall),
  }));
  const steps = kept.map((bin) => {
    const { from, to, nLabelUses: n } = bins[bin]!;
    return {
      name: to === null ? `${from}+` : from === to ? String(from) : `${from}-${to}`,
      detail: `${((100 * n) / nLabelUses).toFixed(0)} %`,
    };
  });
  const chart = { id: `${space}-frequency`, title, steps, xLabel: '', yLabel: 'share found in the top 10' };
  return box(
    stepChart(series, chart),
    title,
    'Share of the labels that stand among the best ten tags of their item, by how many training items have the tag; under each step its share of the labels. 0: a tag outside the vocabulary.',
  );
}

function reliability(space: Space, present: readonly Present[]): string {
  const series = present.map(({ name, place, of }): Series => ({
    name,
    place,
    points: of.calibration.bins.map(({ n, meanProbability: x, shareNamed: y }) => ({
      x,
      y,
      mark: n < FEW ? 'hollow' : 'full',
    })),
  }));
  const errors = present.map(({ of }) => figure(of.calibration['ECE@5'])).join(' / ');
  return box(
    lineChart(series, {
      id: `${space}-reliability`,
      title: 'Reliability',
      xLabel: 'mean score',
      yLabel: 'share named',
      diagonal: true,
    }),
    `Reliability, ECE@5 ${errors}`,
    `The best five tags of each item, in 15 bins by score. On the dashed line a score is the share that the teacher named; hollow: fewer than ${FEW} predictions.`,
  );
}

function precisionRecall(space: Space, present: readonly Present[]): string {
  const series = present.map(({ name, place, of }, i): Series => ({
    name,
    place,
    points: thresholdPoints(of, i === 0),
  }));
  const title = 'Precision and recall';
  return box(
    lineChart(series, { id: `${space}-curve`, title, xLabel: 'recall', yLabel: 'precision' }),
    title,
    `Showing every tag with at least a score (dots: ${MARKED_THRESHOLDS.join(', ')}), from strict to lax, among the best ${RANKING_DEPTH}; from ${FEW} tags shown. ${percent(present[0]!.of.outsideVocabulary)} of the labels cannot be reached.`,
  );
}

function thresholdPoints({ curve }: SpaceEvaluation, isLabelled: boolean): Series['points'] {
  return curve
    .filter(({ nShown }) => nShown >= FEW)
    .map(({ threshold, precision: y, recall: x }) => {
      if (!MARKED_THRESHOLDS.includes(threshold)) return { x, y };
      return { x, y, mark: 'full', ...(isLabelled && { label: String(threshold) }) };
    });
}

function box(chart: string, title: string, meaning: string): string {
  return `<figure>${chart}<figcaption><b>${escape(title)}</b> <span class="note">${escape(meaning)}</span></figcaption></figure>`;
}
