import { Command } from 'commander';
import { SPACES, type Space } from '../../core/space.js';
import { traceTag, type TagTrace } from '../../tags/library/trace-tag.js';
import type { CommandContext } from '../context.js';
import { count, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger } from '../parse-options.js';

interface Options extends CommonOptions {
  readonly library?: string;
  readonly top: number;
}

export function tagsTraceCommand({ signal }: CommandContext): Command {
  return new Command('trace')
    .description('trace a tag back: its raw forms, the items that have it, the answers that named it')
    .argument('<dataset>', 'data set folder')
    .argument('<tag>', 'a tag in any of its forms')
    .option('--library <folder>', 'tag library, for its aliases (default: spellings are merged)')
    .option('--top <n>', 'items to list; --json has all', positiveInteger, 10)
    .addHelpText(
      'after',
      `
Example:
  $ tagdistill tags trace datasets/books "coming of age"`,
    )
    .action(async (dataset: string, tag: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { library, top } = options;
      const traces = await traceTag(dataset, tag, { signal, ...(library !== undefined && { library }) });
      printReport(traces, options, () =>
        SPACES.flatMap((space) => (traces[space] === undefined ? [] : lines(space, traces[space], top))),
      );
    });
}

function lines(space: Space, { canonical, forms, uses }: TagTrace, top: number): string[] {
  return [
    `${space} tag "${canonical}": ${count(uses.length)} uses`,
    ...table(
      ['form', 'uses'],
      forms.slice(0, top).map(({ raw, uses: n }) => [raw, count(n)]),
    ),
    ...table(
      ['item', 'form', 'answers'],
      uses.slice(0, top).map(({ itemId, raw, callKeys }) => [itemId, raw, callKeys.join(' ')]),
    ),
  ];
}
