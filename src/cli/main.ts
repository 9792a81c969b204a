#!/usr/bin/env node
import { CommanderError } from 'commander';
import { TagdistillError } from '../core/errors.js';
import { buildProgram } from './program.js';
import { printError } from './print-error.js';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const stop = new AbortController();
let stoppedBy: keyof typeof EXIT_CODES | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second Ctrl-C does not wait for an orderly end.
    if (stoppedBy !== undefined) process.exit(EXIT_CODES[signal]);
    stoppedBy = signal;
    stop.abort(new Error('interrupted'));
  });
}
const json = process.argv.includes('--json');
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, e.g. `head`, is no error.
  if (error.code === 'EPIPE') process.exit(0);
  printError(
    new TagdistillError('E_FILE_WRITE', `cannot write: ${error.message}`, {
      file: 'standard output',
      hint: 'Check free space where standard output goes.',
      cause: error,
    }),
    { json },
  );
  process.exit(1);
});
process.stderr.on('error', () => undefined); // nobody is left to tell

try {
  await buildProgram({ signal: stop.signal }, { json }).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    printError(error, { json });
    process.exitCode = stoppedBy === undefined ? 1 : EXIT_CODES[stoppedBy];
  } else if (error.exitCode !== 0) {
    // Commander has printed it already, but for --json.
    if (json) printError(usageError(error), { json });
    process.exitCode = 2;
  }
}

function usageError({ message }: CommanderError): TagdistillError {
  return new TagdistillError('E_BAD_OPTION', message.replace(/^error: /, ''), {
    hint: 'Add --help for the options and an example.',
  });
}
