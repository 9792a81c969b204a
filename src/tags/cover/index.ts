export { lazyCover, type CoverChoice, type CoverSet } from './lazy-cover.js';
export type { CoverSetOptions } from './cover-options.js';
