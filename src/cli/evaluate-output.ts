import { SPACES, type Space } from '../core/space.js';
import { TESTED_METRICS } from '../evaluate/compare-evaluations.js';
import { RANKING_DEPTH } from '../evaluate/evaluate-scorer.js';
import type { Evaluations } from '../evaluate/evaluate-bundles.js';
import { bundleNames, pValue, range } from '../evaluate/report/format.js';
import { presentIn, type Present } from '../evaluate/report/present.js';
import { RANKING_METRICS, type RankingFigures } from '../metrics/ranking-report.js';
import { count, figure, percent, problemsForJson, table } from './output.js';

/** Lay out evaluations as people read them: a table a space, its columns bundles, or one bundle's slices. */
export function evaluationLines(evaluations: Evaluations): string[] {
  return SPACES.flatMap((space) => {
    const present = presentIn(space, evaluations);
    return present.length === 0 ? [] : [...spaceLines(space, present), ''];
  }).slice(0, -1);
}

function spaceLines(space: Space, present: readonly Present[]): string[] {
  const [{ of }] = present as readonly [Present, ...Present[]];
  const slices = present.length > 1 ? [] : Object.entries(of.slices);
  // Beside more than two bundles intervals would not fit a terminal; they stand in --json and --html.
  const isWide = present.length > 2;
  const header = [
    '',
    ...present.flatMap(({ name }) => [
      present.length > 1 ? name : 'all',
      ...(isWide ? [] : ['95 % interval']),
    ]),
    ...slices.map(([name, { nItems }]) => `${name} (${count(nItems)})`),
  ];
  const rows = RANKING_METRICS.map((metric) => [
    metric === 'MRR' ? `MRR@${RANKING_DEPTH}` : metric,
    ...present.flatMap(({ of: { means }, comparison }) => [
      figure(means[metric]),
      ...(isWide ? [] : [range(comparison[metric].interval)]),
    ]),
    ...slices.map(([, { means }]) => figure(means[metric])),
  ]);
  return [
    `${space} tags: ${count(of.nItems)} items, ${count(of.nWithoutLabels)} without labels left out; ${percent(of.outsideVocabulary)} of ${count(of.nLabelUses)} label uses are outside the vocabulary`,
    ...table(header, rows),
    ...differenceLines(present),
  ];
}

function differenceLines(present: readonly Present[]): string[] {
  const rows = present.slice(1).flatMap(({ name, comparison }) =>
    TESTED_METRICS.flatMap((metric) => {
      const { difference } = comparison[metric];
      if (difference === null) return [];
      return [[`${name}, ${metric}`, figure(difference.mean), range(difference), pValue(difference.p)]];
    }),
  );
  if (rows.length === 0) return [];
  return ['', ...table([`difference to ${present[0]!.name}`, 'mean', '95 % interval', 'p'], rows)];
}

/**
 * Turn evaluations into what --json prints: one bundle's figures, or `{ bundles: [...] }` where there are several.
 *
 * Values by item are left out.
 */
export function evaluationJson({ reports, comparisons, seed }: Evaluations): object {
  const names = bundleNames(reports);
  const documents = reports.map(({ spaces, problems, ...report }, i) => ({
    ...report,
    name: names[i]!,
    spaces: Object.fromEntries(
      Object.entries(spaces).map(([space, { slices, selfAgreement, ...of }]) => [
        space,
        {
          ...withoutItems(of),
          selfAgreement: selfAgreement && {
            teacher: withoutItems(selfAgreement.teacher),
            student: withoutItems(selfAgreement.student),
          },
          slices: Object.fromEntries(
            Object.entries(slices).map(([name, figures]) => [name, withoutItems(figures)]),
          ),
        },
      ]),
    ),
    comparisons: comparisons[i]!,
    seed,
    problems: problemsForJson(problems),
  }));
  return documents.length === 1 ? documents[0]! : { bundles: documents };
}

function withoutItems<T extends RankingFigures>({ perItem: _, ...figures }: T): Omit<T, 'perItem'> {
  return figures;
}
