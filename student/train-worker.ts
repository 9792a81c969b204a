import { parentPort, workerData } from 'node:worker_threads';
import { trainItem2Tag } from './train-item2tag.js';
import { packError, type SentOptions, type WorkerMessage } from './worker-messages.js';

// The thread that in-worker.ts starts: options come as workerData, and any message means stop.
const port = parentPort!;
const stop = new AbortController();
port.once('message', () => stop.abort());

const tell = (message: WorkerMessage): void => port.postMessage(message);

try {
  const report = await trainItem2Tag({
    ...(workerData as SentOptions),
    onProgress: (event) => tell({ state: 'progress', event }),
    signal: stop.signal,
  });
  tell({ state: 'done', report });
} catch (error) {
  tell({ state: 'failed', error: packError(error) });
} finally {
  port.close();
}
