import { describe, expect, it } from 'vitest';
import { symmetryOf } from '../../../src/tags/cover/symmetry.js';
import { EMPTY_COVER, updateCover, type CoverState } from '../../../src/tags/index.js';
import { dayOf } from './days.js';

const coverOf = (items: readonly string[]): { cover: CoverState } => ({
  cover: updateCover(EMPTY_COVER, dayOf('2026-01-01', items), { tau: 1 }).state,
});

describe('symmetryOf', () => {
  it('sets the two spaces side by side, and counts tags that stand in both', () => {
    const report = symmetryOf({
      item: coverOf(['jazz x', 'jazz y', 'jazz opera', 'parent']),
      user: coverOf(['parent', 'parent', 'teacher']),
    });
    expect(report).toEqual({
      spaces: {
        // "jazz" on three items and "parent" on one: |3 - 1| / (2 * 2 * 2)
        item: { nTags: 2, nItems: 4, recall: 1, meanTagsPerItem: 1, gini: 0.25 },
        user: { nTags: 2, nItems: 3, recall: 1, meanTagsPerItem: 1, gini: expect.closeTo(1 / 6) },
      },
      nShared: 1,
    });
  });

  it('leaves a space out that is not there, and has no figures without items', () => {
    expect(symmetryOf({})).toEqual({ spaces: {}, nShared: 0 });
    expect(symmetryOf({ item: { cover: EMPTY_COVER } }).spaces.item).toEqual({
      ...{ nTags: 0, nItems: 0, recall: NaN, meanTagsPerItem: NaN, gini: NaN },
    });
  });
});
