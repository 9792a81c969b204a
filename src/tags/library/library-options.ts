import type { UpdateCoverOptions } from '../cover/update-cover.js';
import type { LibraryManifest } from './library-manifest.js';

/** How a tag library chooses and keeps its tags; see {@link UpdateCoverOptions} for the ones of the cover set. */
export interface LibraryOptions extends Omit<UpdateCoverOptions, 'vectorOf'> {
  /** Logic edges to keep of a source. */
  readonly top?: number;
}

/** Put the defaults in, for the manifest. Depth 3: a tag an item tells nobody apart. */
export function frozenOptions(
  {
    tau = 0.99,
    depth = 3,
    historyDays = 14,
    steadyDays = 3,
    margin = 0.002,
    minTags = 0,
    maxTags,
    maxOverlap = 1,
    top = 20,
  }: LibraryOptions,
  mergeThreshold: number | null,
): LibraryManifest['options'] {
  const cover = {
    tau,
    depth,
    historyDays,
    steadyDays,
    margin,
    minTags,
    maxTags: maxTags ?? null,
    maxOverlap,
  };
  return { ...cover, mergeThreshold, top };
}

/** The options of the cover set as a manifest holds them. */
export function coverOptionsOf({
  tau,
  depth,
  historyDays,
  steadyDays,
  margin,
  minTags,
  maxTags,
  maxOverlap,
}: LibraryManifest['options']): UpdateCoverOptions {
  const bounds = { minTags, maxOverlap, ...(maxTags !== null && { maxTags }) };
  return { tau, depth, historyDays, steadyDays, margin, ...bounds };
}
