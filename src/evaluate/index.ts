export { evaluateBundle, type EvaluateOptions, type EvaluateReport } from './evaluate-bundle.js';
export { evaluateScorer, RANKING_DEPTH, type LabelledRow } from './evaluate-scorer.js';
export { evaluateBaselines, type BaselineFigures, type BaselineOptions } from './evaluate-baselines.js';
export * from '../metrics/index.js';
export type { SpaceEvaluation } from './space-tally.js';
