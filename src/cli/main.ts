#!/usr/bin/env node
import { CommanderError } from 'commander';
import { buildProgram } from './program.js';
import { printError } from './print-error.js';

const INTERRUPTED = 130;
const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort(new Error('interrupted'));
  // The second Ctrl-C does not wait for an orderly end.
  process.once('SIGINT', () => process.exit(INTERRUPTED));
});
// A reader that has seen enough, e.g. `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  await buildProgram({ signal: stop.signal }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed it already; help and version end with 0.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    printError(error, { json: process.argv.includes('--json') });
    process.exitCode = stop.signal.aborted ? INTERRUPTED : 1;
  }
}
