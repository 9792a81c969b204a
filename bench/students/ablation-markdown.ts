import { SPACES } from '../../src/core/space.js';
import type { DataReport } from './data-report.js';
import { ABLATIONS } from './ablations.js';
import { fraction, signed, table } from './markdown-table.js';

const COLUMNS = ['nDCG@5', 'nDCG@10'] as const;

/** Write the student's variants on one data set as a Markdown table, the defaults first. */
export function ablationMarkdown({ name, seeds, spaces, costs, skipped }: DataReport): string {
  const there = SPACES.filter((space) => spaces[space] !== undefined);
  const rows = costs.map((cost) => {
    const figures = there.flatMap((space) => {
      const { means, differences } = spaces[space]!.systems.find((of) => of.name === cost.name)!;
      return COLUMNS.map((metric) => {
        const difference = differences[metric];
        if (difference === null) return fraction(means[metric]);
        const { mean, low, high } = difference;
        return `${fraction(means[metric])} (${signed(mean)} [${signed(low)}, ${signed(high)}])`;
      });
    });
    return [
      aboutOf(cost.name),
      ...figures,
      cost.trainCpuSeconds.toFixed(1),
      (cost.sizeBytes / 1e6).toFixed(1),
    ];
  });
  const head = there.flatMap((space) => COLUMNS.map((metric) => `${space} ${metric}`));
  return [
    `## ${name}, ablations`,
    `Seeds ${seeds.join(', ')}. In brackets the difference to the defaults with its 95 % interval.`,
    table(['student', ...head, 'training CPU s', 'model MB'], rows),
    skipped.map(({ name: system, reason }) => `- ${aboutOf(system)}: not run: ${reason}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function aboutOf(system: string): string {
  return ABLATIONS.find(({ name }) => name === system)?.about ?? `${system}, defaults`;
}
