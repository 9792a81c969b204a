import { SPACES } from '../../core/space.js';
import { INTERVAL_METRICS } from '../compare-evaluations.js';
import type { ReportData } from './html-report.js';

/** Write the figures that a model card takes, as Markdown tables: one a space, intervals in brackets. */
export function markdownReport({ reports, comparisons }: ReportData): string {
  const sections = SPACES.flatMap((space) => {
    const rows = reports.flatMap(({ bundle, spaces }, i) => {
      const of = spaces[space];
      const comparison = comparisons[i]![space];
      if (of === undefined || comparison === undefined) return [];
      const cells = INTERVAL_METRICS.map((metric) => {
        const { mean, low, high } = comparison[metric].interval;
        return `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
      });
      const more = [
        of.means['Recall@10'],
        of.propensity['PSP@5'],
        of.calibration['ECE@5'],
        of.outsideVocabulary,
      ];
      return [`| ${cell(bundle)} | ${[...cells, ...more.map((value) => value.toFixed(4))].join(' | ')} |`];
    });
    if (rows.length === 0) return [];
    const header = ['bundle', ...INTERVAL_METRICS, 'Recall@10', 'PSP@5', 'ECE@5', 'outside vocabulary'];
    return [
      `### ${space === 'item' ? 'Item tags' : 'User tags'}\n\n| ${header.join(' | ')} |\n|${header.map(() => '---|').join('')}\n${rows.join('\n')}\n`,
    ];
  });
  const { labels, nItems } = reports[0]!;
  return `${sections.join('\n')}
${nItems} items of \`${labels}\`, raw labels, exact strings; 95 % intervals by bootstrap over items.
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
