import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isThere } from '../../src/core/is-there.js';
import type { ProgressEvent } from '../../src/core/progress.js';
import { trainItem2Tag, type TrainOptions } from '../../student/index.js';
import { bundleHashes } from '../support/bundle-hashes.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const trying = { nDims: 8, epochs: 8, batchSize: 64, learningRate: 2e-3, loss: 'softmax' } as const;
/** With the weight of the lead given, none other is tried. */
const settings = { ...trying, leadWeight: 0 };
const SAVING = { ...TINY, settings, checkpointSeconds: 0 };
type Step = readonly [stage: string, epoch: number];

let whole: Record<string, string>;
beforeAll(async () => {
  // Tags that no text explains: the best epoch is not the last, so that patience ends the training.
  const names = smallItems().map(({ itemTags }) => itemTags);
  const items = smallItems().map((item, i) => ({ ...item, itemTags: names[(i * 37 + (i % 7)) % 120]! }));
  await writeSmallDataset(folder.path('data'), items);
  const { dir, steps } = await train('whole');
  expect(steps).not.toContainEqual(['train', settings.epochs]);
  whole = await bundleHashes(dir);
});

/** Train into a folder of its own, so that every bundle has the same name. */
async function train(
  name: string,
  { stopAt, ...options }: Partial<TrainOptions> & { readonly stopAt?: Step } = {},
): Promise<{ readonly dir: string; readonly steps: Step[]; readonly error: unknown }> {
  await mkdir(folder.path(name), { recursive: true });
  const dir = folder.path(join(name, 'student'));
  const stop = new AbortController();
  const steps: Step[] = [];
  const onProgress = ({ stage, figures }: ProgressEvent): void => {
    const step: Step = [stage, Number(figures?.['epoch'])];
    if (step.join() !== steps.at(-1)?.join()) steps.push(step);
    if (step.join() === stopAt?.join()) stop.abort();
  };
  const error: unknown = await trainItem2Tag({
    dataset: folder.path('data'),
    out: dir,
    ...SAVING,
    ...options,
    onProgress,
    signal: stop.signal,
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { dir, steps, error };
}

describe('a training run that was stopped', () => {
  it.each<[string, Step, Step]>([
    ['in an epoch of the training', ['train', 3], ['train', 3]],
    ['in the first epoch, before any checkpoint', ['train', 1], ['train', 1]],
    ['in the first epoch of the refit', ['refit', 1], ['refit', 1]],
    ['in a later epoch of the refit', ['refit', 3], ['refit', 3]],
  ])('%s gives the same bundle as one that never was', async (name, stopAt, goesOnWith) => {
    const stopped = await train(name, { stopAt });
    expect(stopped.error).toMatchObject({ code: 'E_ABORTED' });
    expect(await isThere(stopped.dir)).toBe(false);
    const again = await train(name);
    expect(again.error).toBeUndefined();
    expect(again.steps[0]).toEqual(goesOnWith);
    expect(await bundleHashes(again.dir)).toEqual(whole);
    expect(await isThere(`${again.dir}.checkpoint`)).toBe(false);
  });

  it('may be stopped again and again', async () => {
    const stops: Step[] = [
      ['train', 2],
      ['train', 4],
      ['refit', 2],
    ];
    for (const stopAt of stops)
      expect((await train('often', { stopAt })).error).toMatchObject({ code: 'E_ABORTED' });
    expect(await bundleHashes((await train('often')).dir)).toEqual(whole);
  });

  it('keeps what a second try of the settings chose', async () => {
    const untouched = await train('tried', { settings: trying });
    expect(untouched.steps.filter((step) => step.join() === 'train,1')).toHaveLength(2);
    await train('tried again', { settings: trying, stopAt: ['refit', 2] });
    const again = await train('tried again', { settings: trying });
    expect(again.steps[0]).toEqual(['refit', 2]);
    expect(await bundleHashes(again.dir)).toEqual(await bundleHashes(untouched.dir));
  });

  it('starts anew without resume', async () => {
    await train('anew', { stopAt: ['train', 3] });
    const again = await train('anew', { resume: false });
    expect(again.steps[0]).toEqual(['train', 1]);
    expect(await bundleHashes(again.dir)).toEqual(whole);
  });

  it.each<[string, Partial<TrainOptions>]>([
    ['another seed', { seed: 8 }],
    ['other settings', { settings: { ...settings, learningRate: 1e-3 } }],
    ['another precision', { precision: 'float32' }],
  ])('does not go on for %s', async (name, options) => {
    await train(name, { ...options, stopAt: ['train', 3] });
    const again = await train(name);
    expect(again.steps[0]).toEqual(['train', 1]);
    expect(await bundleHashes(again.dir)).toEqual(whole);
  });

  it('does not go on for another data set', async () => {
    await writeSmallDataset(folder.path('data-2'), smallItems(110));
    await train('other data', { dataset: folder.path('data-2'), stopAt: ['train', 3] });
    expect((await train('other data')).steps[0]).toEqual(['train', 1]);
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['empty', (file) => truncate(file, 0)],
    ['cut short', (file) => truncate(file, 5000)],
    ['something else', (file) => writeFile(file, 'not a checkpoint')],
  ])('starts anew where the checkpoint is %s', async (name, damage) => {
    const stopped = await train(name, { stopAt: ['train', 3] });
    await damage(`${stopped.dir}.checkpoint`);
    const again = await train(name);
    expect(again.steps[0]).toEqual(['train', 1]);
    expect(await bundleHashes(again.dir)).toEqual(whole);
  });

  it('tells what stands in the way of its checkpoint before any work, and writes no bundle', async () => {
    await mkdir(folder.path('taken/student.checkpoint'), { recursive: true });
    await copyFile(folder.path('data/README.md'), folder.path('taken/student.checkpoint/mine'));
    const { dir, error } = await train('taken');
    expect(error).toMatchObject({ code: 'E_FILE_EXISTS', file: `${dir}.checkpoint` });
    expect(await isThere(dir)).toBe(false);
    expect(await isThere(folder.path('taken/student.checkpoint/mine'))).toBe(true);
  });
});

describe('trainItem2Tag', () => {
  it('gives other parameters for another seed, and the same vocabulary', async () => {
    const other = await bundleHashes((await train('seed', { seed: 8 })).dir);
    expect(other['onnx/model_quantized.onnx']).not.toBe(whole['onnx/model_quantized.onnx']);
    expect(other['tags.jsonl']).toBe(whole['tags.jsonl']);
  });
});
