import type { Space } from '../../core/space.js';
import type { NearestOptions } from './nearest-targets.js';
import { standInTest } from './stand-in.js';

/** When a tag that names no target takes the nearest one. */
export interface NearVectors {
  /** Gives a vector of length 1, or zeros for a text that says nothing to it. */
  readonly vectorOf: (tag: string) => Float32Array;
  /** Smallest cosine, in [-1, 1]. */
  readonly threshold: number;
  /** Take the nearest one whatever it is: a baseline, for measuring. Default: only what may stand for the tag. */
  readonly isUnguarded?: boolean;
}

/** Put together how the near tags of a space are found; see {@link standInTest}. */
export function nearOptions(
  space: Space,
  { vectorOf, threshold, isUnguarded = false }: NearVectors,
  running: Pick<NearestOptions, 'onProgress' | 'signal'>,
): NearestOptions {
  return {
    vectorOf,
    threshold,
    ...(!isUnguarded && { fits: standInTest({ space, vectorOf }) }),
    ...running,
  };
}
