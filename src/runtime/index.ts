export { Scorer, type ScoreInput, type ScorerOptions } from './scorer.js';
export type { RankedTag, ScoreOptions, TagScore, TextScores } from './scores.js';
export type { BundleManifest } from '../bundle/manifest.js';
export type { Space } from '../core/space.js';
export { TagdistillError, type ErrorCode } from '../core/errors.js';
export type { ItemInput } from '../features/item-encoder.js';
