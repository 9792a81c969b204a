import { Command } from 'commander';
import { packageVersion } from '../core/package-info.js';
import { demoCommand } from './commands/demo.js';
import { encoderCommand } from './commands/encoder.js';
import { evaluateCommand } from './commands/evaluate.js';
import { importCommand } from './commands/import.js';
import { inspectCommand } from './commands/inspect.js';
import { rankCommand } from './commands/rank.js';
import { scoreCommand } from './commands/score.js';
import { tagsCommand } from './commands/tags.js';
import { teachCommand } from './commands/teach.js';
import { trainCommand } from './commands/train.js';
import type { CommandContext } from './context.js';

export interface ProgramOptions {
  /** Leave errors of usage to the caller, who prints them as JSON. */
  readonly json?: boolean;
}

/**
 * Put the command line together.
 *
 * It throws instead of ending the process: CommanderError for errors of usage, help and version; TagdistillError
 * from the commands.
 */
export function buildProgram(context: CommandContext, { json = false }: ProgramOptions = {}): Command {
  const program = new Command('tagdistill')
    .description('Distil an LLM teacher into small ONNX students that tag items.')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options and an example)')
    .exitOverride();
  if (json) program.configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  const commands = [
    demoCommand,
    teachCommand,
    importCommand,
    tagsCommand,
    trainCommand,
    encoderCommand,
    evaluateCommand,
    scoreCommand,
    rankCommand,
    inspectCommand,
  ];
  for (const make of commands) {
    const command = make(context)
      .option('--json', 'print one JSON document on standard output, and errors as JSON')
      .option('-q, --quiet', 'print nothing but errors')
      .copyInheritedSettings(program);
    for (const subcommand of command.commands) subcommand.copyInheritedSettings(command);
    program.addCommand(command);
  }
  return program;
}
