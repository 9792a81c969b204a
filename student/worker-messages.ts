import { messageOf, TagdistillError, type ErrorCode } from '../src/core/errors.js';
import type { ProgressEvent } from '../src/core/progress.js';
import type { TrainReport } from './train-item2tag.js';
import type { TrainOptions } from './train-options.js';

/** Training options that can be sent to another thread. */
export type SentOptions = Omit<TrainOptions, 'onProgress' | 'signal'>;

/** What the training thread tells. */
export type WorkerMessage =
  | { readonly state: 'progress'; readonly event: ProgressEvent }
  | { readonly state: 'done'; readonly report: TrainReport }
  | { readonly state: 'failed'; readonly error: SentError };

/** An error as plain values: the copy that threads make of an error drops its code and hint. */
export interface SentError {
  readonly message: string;
  readonly stack?: string;
  readonly cause?: string;
  /** Undefined for errors that this package does not throw on purpose. */
  readonly code?: ErrorCode;
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly row?: number;
}

export function packError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack, cause } = error;
  const text = cause === undefined ? undefined : messageOf(cause);
  const plain = {
    message,
    ...(stack !== undefined && { stack }),
    ...(text !== undefined && { cause: text }),
  };
  if (!(error instanceof TagdistillError)) return plain;
  const { code, hint, file, line, row } = error;
  return {
    ...plain,
    code,
    ...(hint !== undefined && { hint }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(row !== undefined && { row }),
  };
}

/** Make the error again, with the stack of the thread that threw it. */
export function unpackError({ message, stack, cause, code, ...details }: SentError): Error {
  const origin = cause === undefined ? {} : { cause: new Error(cause) };
  const error =
    code === undefined
      ? new Error(message, origin)
      : new TagdistillError(code, '', { ...details, ...origin });
  // The message names file and row already.
  return Object.assign(error, { message, ...(stack !== undefined && { stack }) });
}
