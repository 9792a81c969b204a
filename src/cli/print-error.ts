import { messageOf, TagdistillError } from '../core/errors.js';
import { paint } from './style.js';
import { visibleLines } from './visible.js';

/** Print what went wrong on stderr: message, next step and code, or one JSON line. */
export function printError(error: unknown, { json }: { readonly json: boolean }): void {
  if (json) {
    const { code, hint, file, line, row } =
      error instanceof TagdistillError ? error : ({} as Partial<TagdistillError>);
    process.stderr.write(
      `${JSON.stringify({ error: { code, message: messageOf(error), hint, file, line, row } })}\n`,
    );
    return;
  }
  const { red, dim } = paint(process.stderr);
  process.stderr.write(`${red('error')}: ${visibleLines(messageOf(error))}\n`);
  if (error instanceof TagdistillError) {
    if (error.hint !== undefined) process.stderr.write(`  next: ${visibleLines(error.hint)}\n`);
    process.stderr.write(dim(`  code: ${error.code}\n`));
  }
  if (process.env['TAGDISTILL_DEBUG'] === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
    if (error.cause !== undefined) process.stderr.write(`cause: ${messageOf(error.cause)}\n`);
  }
}
