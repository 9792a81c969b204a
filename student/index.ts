export { trainInWorker } from './in-worker.js';
export { trainItem2Tag, type TrainOptions, type TrainReport } from './train-item2tag.js';
export type { Parity } from './parity.js';
