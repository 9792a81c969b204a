export { matchTags, type MatchTagsOptions, type TagMatch } from './match-tags.js';
export type { CanonicalNames, MatchKind, TargetTag } from './name-matcher.js';
export type { NearVectors } from './near-options.js';
export type { NearestOptions } from './nearest-targets.js';
export { standInTest, type StandInOptions } from './stand-in.js';
export { transferDataset, type TransferOptions, type TransferReport } from './transfer-dataset.js';
export type { SpaceTransfer, TransferredTag } from './transfer-report.js';
