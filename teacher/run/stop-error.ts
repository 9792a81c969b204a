import { TagdistillError } from '../../src/core/errors.js';
import type { FailureClass } from '../client/failure.js';
import type { StopReason } from './run-stop.js';

const NEXT_STEP: Readonly<Record<FailureClass, string>> = {
  bad_key: 'Set the environment variable that --api-key-env names to a key that the server takes.',
  no_quota: 'Add credit or raise the limit of the account.',
  no_model: 'Give --model a name that the server knows, and see that --base-url is right.',
  connection: 'See that the server is up and --base-url is right.',
  server: 'See that the server is up and --base-url is right.',
  timeout: 'See that the server is up, or give it longer with --timeout.',
  rate_limit: 'Wait, or ask less at once with --concurrency, --rpm or --tpm.',
  bad_request: 'See what the server says about the request: --params, --max-tokens, the length of the texts.',
  refused: 'See whether the prompt or the items are what the model refuses.',
  truncated: 'Give the answers more room with --max-tokens.',
  unparseable: 'Try another prompt or a larger model.',
};

/** What to do about failures of a class. */
export function nextStepFor(failure: FailureClass): string {
  return NEXT_STEP[failure];
}

/**
 * Make the error of a run that stopped against its will: what happened, and how to go on.
 *
 * @param kept tells where the answers are
 */
export function stopError(reason: StopReason, kept: string): TagdistillError {
  const { kind, message } = reason;
  if (kind === 'endpoint') {
    const hint = `${nextStepFor(reason.failure)} ${kept}`;
    return new TagdistillError('E_TEACHER', message, { hint, cause: reason.cause });
  }
  if (kind === 'journal') {
    const { cause } = reason;
    const code = cause instanceof TagdistillError ? cause.code : 'E_FILE_WRITE';
    const hint = code === 'E_FILE_WRITE' ? `Free some space. ${kept}` : kept;
    return new TagdistillError(code, message, { hint, cause });
  }
  const cause = kind === 'interrupted' ? { cause: reason.cause } : {};
  return new TagdistillError('E_ABORTED', message, { hint: kept, ...cause });
}
