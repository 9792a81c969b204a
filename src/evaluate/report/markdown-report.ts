import { SPACES } from '../../core/space.js';
import { TESTED_METRICS } from '../compare-evaluations.js';
import type { Evaluations } from '../evaluate-bundles.js';
import { count, figure, range } from './format.js';
import { presentIn } from './present.js';

/**
 * Write the figures that a model card takes, as Markdown tables: one a space, 95 % intervals in brackets.
 *
 * The same bundles, labels and seed give the same text: no time and no speed stands in it.
 */
export function markdownReport(evaluations: Evaluations): string {
  const sections = SPACES.flatMap((space) => {
    const present = presentIn(space, evaluations);
    if (present.length === 0) return [];
    const rows = present.map(({ name, of, comparison }) => [
      cell(name),
      ...TESTED_METRICS.map((metric) => {
        const { interval } = comparison[metric];
        return `${figure(interval.mean)} ${range(interval)}`;
      }),
      figure(of.means['Recall@10']),
      figure(of.propensity['PSP@5']),
      figure(of.calibration['ECE@5']),
      figure(of.outsideVocabulary),
    ]);
    const header = ['bundle', ...TESTED_METRICS, 'Recall@10', 'PSP@5', 'ECE@5', 'outside vocabulary'];
    const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
    return [`### ${space === 'item' ? 'Item tags' : 'User tags'}\n\n${lines.join('\n')}\n`];
  });
  const { labels, nItems, split } = evaluations.reports[0]!;
  const part = split === null ? '' : `, ${split} part`;
  return `${sections.join('\n')}
${count(nItems)} items of \`${labels.replaceAll('`', "'")}\`${part}; tags as exact strings, in brackets 95 % intervals over items.
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
