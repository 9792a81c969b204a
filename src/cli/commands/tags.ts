import { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { tagsBuildCommand } from './tags-build.js';
import { tagsCountCommand } from './tags-count.js';
import { tagsGraphCommand } from './tags-graph.js';
import { tagsInspectCommand } from './tags-inspect.js';
import { tagsMergesCommand } from './tags-merges.js';
import { tagsTraceCommand } from './tags-trace.js';
import { tagsTransferCommand } from './tags-transfer.js';
import { tagsUpdateCommand } from './tags-update.js';

/** Each makes one subcommand. */
const SUBCOMMANDS: readonly ((context: CommandContext) => Command)[] = [
  tagsCountCommand,
  tagsMergesCommand,
  tagsTraceCommand,
  tagsBuildCommand,
  tagsUpdateCommand,
  tagsInspectCommand,
  tagsGraphCommand,
  tagsTransferCommand,
];

export function tagsCommand(context: CommandContext): Command {
  const command = new Command('tags')
    .description('count tags, merge them, choose the cover set, keep it up to date: the tag library')
    .addHelpText(
      'after',
      `
Without a subcommand: count.

Examples:
  $ tagdistill tags datasets/books --depth 2 --top 20`,
    );
  for (const make of SUBCOMMANDS) {
    const subcommand = make(context)
      .option('--json', 'print one JSON document on standard output, and errors as JSON')
      .option('-q, --quiet', 'print nothing but errors');
    command.addCommand(subcommand, { isDefault: subcommand.name() === 'count' });
  }
  return command;
}
