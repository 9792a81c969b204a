import { trainItem2Tag, type TrainOptions } from '../../student/index.js';
import { writeSmallDataset } from './small-dataset.js';

/** Options of a student that is trained as quickly as it goes: words alone, one thread, no checkpoint on the way. */
export const TINY = {
  encoder: 'none',
  threads: 1,
  checkpointSeconds: 3600,
  settings: { nDims: 16 },
} as const satisfies Partial<TrainOptions>;

/** The same, with a handful of epochs: enough for all but the quality of the tags. */
export const TINY_AND_SHORT = { ...TINY, settings: { ...TINY.settings, epochs: 5 } } as const;

/** Train a student on the small data set, as quickly as it goes. */
export async function trainSmallStudent(dataset: string, out: string): Promise<void> {
  await writeSmallDataset(dataset);
  await trainItem2Tag({ dataset, out, ...TINY_AND_SHORT });
}
