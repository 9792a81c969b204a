export {
  algorithm1,
  type Algorithm1Options,
  type Algorithm1State,
  type Algorithm1Step,
} from './algorithm1.js';
export type { CoverSetOptions } from './cover-options.js';
export { EMPTY_COVER, type CoverState, type CoverTagState } from './cover-state.js';
export type { DayOfTags } from './day-of-tags.js';
export { lazyCover, type CoverChoice, type CoverSet } from './lazy-cover.js';
export { tagId } from './tag-id.js';
export { updateCover, type Admission, type UpdateCoverOptions, type UpdateReport } from './update-cover.js';
