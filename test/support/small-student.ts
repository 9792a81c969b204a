import { trainItem2Tag } from '../../student/index.js';
import { writeSmallDataset } from './small-dataset.js';

/** Train a student on the small data set, as quickly as it goes. */
export async function trainSmallStudent(dataset: string, out: string): Promise<void> {
  await writeSmallDataset(dataset);
  await trainItem2Tag({ dataset, out, nDims: 16, threads: 1, epochs: 5 });
}
