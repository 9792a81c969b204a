import { TagdistillError } from '../../src/core/errors.js';
import type { FailureClass } from '../client/failure.js';
import type { StopReason } from './run-stop.js';

const NEXT_STEP: Readonly<Partial<Record<FailureClass, string>>> = {
  bad_key: 'Set the environment variable of the key to one that the server takes.',
  no_quota: 'Add credit or raise the limit of the account.',
  no_model: 'Give --model a name that the server knows.',
};

/**
 * Make the error of a run that stopped against its will: what happened, and how to go on.
 *
 * @param kept tells where the answers are
 */
export function stopError(reason: StopReason, kept: string): TagdistillError {
  const { kind, message } = reason;
  if (kind === 'endpoint') {
    const next = NEXT_STEP[reason.failure] ?? 'See that the server is up and the base URL is right.';
    return new TagdistillError('E_TEACHER', message, { hint: `${next} ${kept}`, cause: reason.cause });
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
