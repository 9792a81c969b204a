export { mean, Mean } from './mean.js';
export { ndcg } from './ndcg.js';
export { precision } from './precision.js';
export { RANKING_METRICS, RankingReport, type RankingFigures, type RankingMetric } from './ranking-report.js';
export { recall } from './recall.js';
export { reciprocalRank } from './reciprocal-rank.js';
export type { Truth } from './truth.js';
