export * from './cover/index.js';
export { canonicalCounts, type AliasTable } from './merge/alias-table.js';
export { mergeTags } from './merge/spelling.js';
export { normaliseTag, splitExplanation, stripListMark } from './normalise.js';
export {
  buildVocabulary,
  VOCABULARY_KINDS,
  type Vocabulary,
  type VocabularyKind,
  type VocabularyOptions,
  type VocabularyTag,
} from './vocabulary.js';
export {
  summariseTags,
  type CoverTag,
  type SummariseTagsOptions,
  type TagsSummary,
} from './summarise-tags.js';
