export {
  compareEvaluations,
  type Comparison,
  type Comparisons,
  type Difference,
} from './compare-evaluations.js';
export { evaluateBundle, type EvaluateOptions, type EvaluateReport } from './evaluate-bundle.js';
export { evaluateBundles, type EvaluateBundlesOptions, type Evaluations } from './evaluate-bundles.js';
export {
  evaluateScorer,
  RANKING_DEPTH,
  type EvaluateScorerOptions,
  type LabelledRow,
} from './evaluate-scorer.js';
export { evaluateBaselines, type BaselineFigures, type BaselineOptions } from './evaluate-baselines.js';
export { htmlReport } from './report/html-report.js';
export { markdownReport } from './report/markdown-report.js';
export type { SpaceEvaluation } from './space-tally.js';
export type { TagFrequencies } from './tag-frequencies.js';
export * from '../metrics/index.js';
