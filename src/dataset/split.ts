import { TagdistillError } from '../core/errors.js';
import { unitHash } from '../core/hash.js';
import type { Split } from './rows.js';

export interface SplitShares {
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
}

/**
 * Give the split of a group, or of an item that has none, by its name alone: it stays when items are added.
 *
 * Another `validationShare` does not move what is in the test split.
 *
 * @throws TagdistillError `E_BAD_OPTION` if a share is negative or both leave nothing to train on
 */
export function splitOf(groupOrId: string, { validationShare, testShare, seed }: SplitShares): Split {
  if (!(validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1)) {
    throw new TagdistillError(
      'E_BAD_OPTION',
      `${validationShare} for validation and ${testShare} for the test leave nothing to train on`,
      { hint: 'Give shares from 0 up that add up to less than 1.' },
    );
  }
  const place = unitHash(`${seed}\n${groupOrId}`);
  if (place < testShare) return 'test';
  return place < testShare + validationShare ? 'validation' : 'train';
}
