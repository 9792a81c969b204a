export {
  buildLibrary,
  type BuildLibraryOptions,
  type BuildReport,
  type TagVectors,
} from './build-library.js';
export {
  inspectTags,
  type InspectTagsOptions,
  type SpaceInspection,
  type TagInspection,
} from './inspect-tags.js';
export type { LibraryContent, LibrarySpace } from './library-content.js';
export { buildLogic, type BuildLogicOptions, type LogicReport } from './logic-build.js';
export { readCoverTags, readLibraryGraph, readLogicEdges, writeLogicEdges } from './logic-edges.js';
export { readLibraryManifest, type LibraryManifest } from './library-manifest.js';
export type { LibraryOptions } from './library-options.js';
export { readLibrary } from './read-library.js';
export { updateLibrary, type LibraryUpdate, type UpdateLibraryOptions } from './update-library.js';
export type { MatchCounts } from '../transfer/name-matcher.js';
export {
  summariseTags,
  type CoverTag,
  type SummariseTagsOptions,
  type TagsSummary,
} from '../summarise-tags.js';
