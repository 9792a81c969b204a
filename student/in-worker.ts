import { messageOf, TagdistillError } from '../src/core/errors.js';
import { startThread } from './start-thread.js';
import type { TrainReport } from './train-item2tag.js';
import type { TrainOptions } from './train-options.js';
import { unpackError, type WorkerMessage } from './worker-messages.js';

/**
 * Train like {@link trainItem2Tag}, in a thread of its own: the caller's timers, progress bars and Ctrl-C stay alive.
 *
 * The signal is heard between steps; the promise settles when the thread has ended.
 *
 * @param limits.maxHeapMb objects of JavaScript alone; arrays of numbers are not counted
 * @throws TagdistillError what trainItem2Tag throws, with its code, place, hint and the text of its cause;
 *   `E_OUT_OF_MEMORY` or `E_WORKER_DIED` if the thread ends without an answer
 */
export function trainInWorker(
  { onProgress, signal, ...options }: TrainOptions,
  { maxHeapMb }: { readonly maxHeapMb?: number } = {},
): Promise<TrainReport> {
  return new Promise((resolve, reject) => {
    const worker = startThread(new URL('./train-worker.js', import.meta.url), {
      workerData: options,
      ...(maxHeapMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } }),
    });
    let outcome: Exclude<WorkerMessage, { state: 'progress' }> | undefined;
    let death: unknown;
    const stop = (): void => worker.postMessage('stop');
    worker.on('message', (message: WorkerMessage) => {
      if (message.state === 'progress') onProgress?.(message.event);
      else outcome = message;
    });
    worker.on('error', (error) => (death = error));
    worker.once('exit', (exitCode) => {
      signal?.removeEventListener('abort', stop);
      if (outcome?.state === 'done') resolve(outcome.report);
      else reject(outcome === undefined ? diedError(death, exitCode) : unpackError(outcome.error));
    });
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

function diedError(cause: unknown, exitCode: number): TagdistillError {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new TagdistillError('E_OUT_OF_MEMORY', `training ran out of memory: ${messageOf(cause)}`, {
      hint: 'Train on fewer items, or raise the limit with NODE_OPTIONS=--max-old-space-size=<MB>.',
      cause,
    });
  }
  const why = cause === undefined ? `exit code ${exitCode}` : messageOf(cause);
  return new TagdistillError('E_WORKER_DIED', `the training thread ended without an answer: ${why}`, {
    hint: 'Run again; if it happens again, please report it with the data set.',
    cause,
  });
}
