import { Command } from 'commander';
import { packageVersion } from '../core/package-info.js';
import { demoCommand } from './commands/demo.js';
import { evaluateCommand } from './commands/evaluate.js';
import { importCommand } from './commands/import.js';
import { inspectCommand } from './commands/inspect.js';
import { scoreCommand } from './commands/score.js';
import { tagsCommand } from './commands/tags.js';
import { teachCommand } from './commands/teach.js';
import { trainCommand } from './commands/train.js';
import type { CommandContext } from './context.js';

/** Put the command line together. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('tagdistill')
    .description('Distil an LLM teacher into small ONNX students that tag items.')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options and an example)')
    .exitOverride();
  const commands = [
    demoCommand,
    teachCommand,
    importCommand,
    tagsCommand,
    trainCommand,
    evaluateCommand,
    scoreCommand,
    inspectCommand,
  ];
  for (const make of commands) {
    program.addCommand(
      make(context)
        .option('--json', 'print one JSON document on standard output, and errors as JSON')
        .option('-q, --quiet', 'print nothing but errors')
        .exitOverride()
        .showHelpAfterError('(add --help for the options and an example)'),
    );
  }
  return program;
}
