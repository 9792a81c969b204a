export * from './cover/index.js';
export * from './graph/index.js';
export * from './merge/index.js';
export { normaliseTag, splitExplanation, stripListMark } from './normalise.js';
export {
  buildVocabulary,
  VOCABULARY_KINDS,
  type Vocabulary,
  type VocabularyKind,
  type VocabularyOptions,
  type VocabularyTag,
} from './vocabulary.js';
