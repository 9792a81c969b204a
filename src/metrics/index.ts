export { AgreementReport, type AgreementFigures } from './agreement-report.js';
export { bootstrapDifference, bootstrapMean, type BootstrapOptions, type Interval } from './bootstrap.js';
export { CalibrationSample } from './calibration-sample.js';
export { coverage } from './coverage.js';
export { Exposure } from './exposure.js';
export { F1Counts } from './f1.js';
export {
  FREQUENCY_BANDS,
  frequencyBand,
  restrict,
  restrictTruth,
  type FrequencyBand,
} from './frequency-band.js';
export { gini } from './gini.js';
export { intraListDistance } from './intra-list-distance.js';
export { jaccard } from './jaccard.js';
export { mean, Mean } from './mean.js';
export { ndcg } from './ndcg.js';
export { novelty, type NoveltyOptions } from './novelty.js';
export { precision } from './precision.js';
export { PropensityMean } from './propensity-mean.js';
export {
  psNdcg,
  psPrecision,
  type PropensityScore,
  type PropensityScoreOptions,
} from './propensity-score.js';
export { propensity, PROPENSITY_VARIANTS, type PropensityVariant } from './propensity.js';
export { randomisationTest, type RandomisationResult } from './randomisation.js';
export { RANKING_METRICS, RankingReport, type RankingFigures, type RankingMetric } from './ranking-report.js';
export { recall } from './recall.js';
export { reciprocalRank } from './reciprocal-rank.js';
export {
  calibrationError,
  reliabilityBins,
  type ReliabilityBin,
  type ReliabilityOptions,
} from './reliability.js';
export type { Truth } from './truth.js';
