import { trainItem2Tag, type TrainOptions } from '../../student/index.js';
import { writeSmallDataset } from './small-dataset.js';

/**
 * Options of a student that is trained as quickly as it goes: words alone, one thread, no checkpoint on the way. What is
 * chosen from the data otherwise is stated, so that the tests do not hang on how that is tuned.
 */
export const TINY = {
  encoder: 'none',
  threads: 1,
  checkpointSeconds: 3600,
  settings: { nDims: 16, epochs: 80, batchSize: 64, learningRate: 2e-3, loss: 'softmax', leadWeight: 0 },
} as const satisfies Partial<TrainOptions>;

/** The same with a handful of epochs: enough for all but the quality of the tags. */
export const TINY_AND_SHORT = { ...TINY, settings: { ...TINY.settings, epochs: 5 } } as const;

/** Train a student on the small data set, as quickly as it goes. */
export async function trainSmallStudent(dataset: string, out: string): Promise<void> {
  await writeSmallDataset(dataset);
  await trainItem2Tag({ dataset, out, ...TINY_AND_SHORT });
}
