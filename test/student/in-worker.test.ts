import { readdir } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TagdistillError } from '../../src/core/errors.js';
import type { ProgressEvent } from '../../src/core/progress.js';
import { trainInWorker } from '../../student/in-worker.js';
import { writeSmallDataset } from '../support/small-dataset.js';
import { TINY, TINY_AND_SHORT } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
beforeAll(() => writeSmallDataset(folder.path('data')));

const started: Worker[] = [];
const note = (worker: Worker): number => started.push(worker);
beforeAll(() => void process.on('worker', note));
afterAll(() => void process.off('worker', note));
/** How many of the threads started so far still run. */
const nRunning = (): number => started.filter(({ threadId }) => threadId !== -1).length;

describe('trainInWorker', () => {
  it('writes a bundle and reports, with progress on the way while timers of the caller fire', async () => {
    const events: ProgressEvent[] = [];
    let nTurns = 0;
    const turnsAtEvent: number[] = [];
    const timer = setInterval(() => nTurns++);
    const training = trainInWorker({
      dataset: folder.path('data'),
      out: folder.path('student'),
      ...TINY_AND_SHORT,
      onProgress: (event) => {
        events.push(event);
        turnsAtEvent.push(nTurns);
      },
    });
    const report = await training.finally(() => clearInterval(timer));
    expect(report).toMatchObject({ dir: folder.path('student'), nTraining: 96 });
    expect(await readdir(folder.path('student'))).toContain('manifest.json');
    const last = events.at(-1)!;
    expect(last.done).toBe(last.total);
    expect(turnsAtEvent.at(-1)!).toBeGreaterThan(turnsAtEvent[0]!);
    expect(started.length).toBeGreaterThan(0);
    expect(nRunning()).toBe(0);
  });

  it('stops when asked, and leaves no file and no thread', async () => {
    const stop = new AbortController();
    const training = trainInWorker({
      dataset: folder.path('data'),
      out: folder.path('stopped'),
      ...TINY,
      settings: { ...TINY.settings, epochs: 500 },
      onProgress: () => stop.abort(),
      signal: stop.signal,
    });
    await expect(training).rejects.toMatchObject({ code: 'E_ABORTED' });
    expect((await readdir(folder.path('.'))).filter((name) => name.includes('stopped'))).toEqual([]);
    expect(nRunning()).toBe(0);
  });

  it('does no work for a signal that has fired already', async () => {
    const signal = AbortSignal.abort();
    const options = { dataset: folder.path('data'), out: folder.path('never'), ...TINY_AND_SHORT, signal };
    await expect(trainInWorker(options)).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  it('brings back an error with its code, file, hint and cause', async () => {
    const training = trainInWorker({
      dataset: folder.path('none'),
      out: folder.path('x'),
      ...TINY_AND_SHORT,
    });
    const error: unknown = await training.catch((thrown: unknown) => thrown);
    const file = folder.path('none/items.arrow');
    expect(error).toBeInstanceOf(TagdistillError);
    expect(error).toMatchObject({
      code: 'E_FILE_MISSING',
      file,
      hint: expect.stringContaining('Check the path'),
      cause: { message: expect.stringContaining('ENOENT') },
    });
    // The place stands in the message once.
    expect((error as Error).message.split(file)).toHaveLength(3);
  });

  it('says so when the thread runs out of memory', async () => {
    const options = { dataset: folder.path('data'), out: folder.path('big'), ...TINY_AND_SHORT };
    await expect(trainInWorker(options, { maxHeapMb: 4 })).rejects.toMatchObject({
      code: 'E_OUT_OF_MEMORY',
      message: expect.stringContaining('ran out of memory'),
      hint: expect.stringContaining('fewer items'),
    });
    expect(await readdir(folder.path('.'))).not.toContain('big');
  });

  it('refuses options that cannot be sent to a thread', async () => {
    const options = { dataset: folder.path('data'), out: folder.path('y'), seed: (() => 7) as never };
    await expect(trainInWorker(options)).rejects.toThrow('could not be cloned');
  });
});
