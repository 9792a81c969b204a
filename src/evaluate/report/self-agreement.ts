import { escape } from './escape.js';
import { count, figure, note, range, table } from './format.js';
import type { Present } from './present.js';
import { meanInterval } from '../mean-interval.js';
import type { RankingFigures } from '../../metrics/ranking-report.js';

const METRICS = ['nDCG@5', 'nDCG@10'] as const;

/** Set the students beside the teacher's second answer; empty where nothing was asked twice. */
export function selfAgreement(present: readonly Present[], seed: number): string {
  const teacher = present[0]!.of.selfAgreement?.teacher;
  if (teacher === undefined) return '';
  const row = (name: string, figures: RankingFigures): string[] => [
    name,
    ...METRICS.map((metric) => {
      const values = figures.perItem[metric];
      const interval = values === undefined ? '' : ` <small>${range(meanInterval(values, seed))}</small>`;
      return figure(figures.means[metric]) + interval;
    }),
  ];
  const students = present.flatMap(({ name, of: { selfAgreement: agreement } }) =>
    agreement === null ? [] : [row(escape(name), agreement.student)],
  );
  const title = 'The teacher against itself';
  return [
    `<h3>${title}</h3>`,
    table(
      [`${count(teacher.nItems)} items`, ...METRICS],
      [row("the teacher's second answer", teacher), ...students],
      title,
    ),
    note(
      'Items that the teacher was asked about twice, against its first answer. A reference, not a bound: a student that ranks the popular tags first can pass it.',
    ),
  ].join('\n');
}
