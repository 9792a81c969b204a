export { trainInWorker } from './in-worker.js';
export { trainItem2Tag, type TrainReport } from './train-item2tag.js';
export type { TrainOptions } from './train-options.js';
export { LOSSES, type Loss } from './losses.js';
export type { Precision } from './export-graph.js';
export type { QuantisationLoss } from './quantise/gate.js';
export type { StudentSettings } from './settings.js';
export type { Parity } from './parity.js';
