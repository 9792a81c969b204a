import { beforeAll, describe, expect, it } from 'vitest';
import { frequencyLaw, growthCurve } from '../../../src/tags/library/frequency-law.js';
import { buildLibrary, inspectTags } from '../../../src/tags/library/index.js';
import { smallItems, writeSmallDataset } from '../../support/small-dataset.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { rowsOf } from '../cover/days.js';

const folder = temporaryFolder();

describe('inspectTags', () => {
  beforeAll(() => writeSmallDataset(folder.path('data'), smallItems(40)));

  it('says the same of a data set and of the library made of it', async () => {
    await buildLibrary([folder.path('data')], { out: folder.path('library'), date: '2026-01-01' });
    const ofData = await inspectTags(folder.path('data'));
    const ofLibrary = await inspectTags(folder.path('library'));
    expect(ofLibrary).toEqual({ ...ofData, kind: 'library' });
    expect(ofData.spaces.item).toMatchObject({
      ...{ nItems: 40, nCanonical: 5, onceUsed: 0 },
      top: [{ tag: 'narrative', uses: 40 }, { uses: 10 }, { uses: 10 }, { uses: 10 }, { uses: 10 }],
      tail: [],
    });
  });

  it('sizes the cover set at each depth', async () => {
    const { spaces } = await inspectTags(folder.path('data'), { maxDepth: 2 });
    expect(spaces.item!.depths).toEqual([
      { depth: 1, nTags: 1, recall: 1, meanTagsPerItem: 1 },
      { depth: 2, nTags: 5, recall: 1, meanTagsPerItem: 2 },
    ]);
  });
});

describe('frequencyLaw', () => {
  it('finds the slope that the uses were made with', () => {
    const uses = Array.from({ length: 1000 }, (_, i) => 1e6 * (i + 1) ** -0.8);
    expect(frequencyLaw(uses).zipfSlope).toBeCloseTo(-0.8, 6);
  });

  it('has no slope where fewer than two tags are used twice', () => {
    expect(frequencyLaw([2, 1, 1])).toMatchObject({ zipfSlope: NaN, onceUsed: 2 / 3 });
  });
});

describe('growthCurve', () => {
  it('counts distinct tags, a repeated one once, and ends at the last item', () => {
    expect(growthCurve(rowsOf([[0, 0], [0, 1], [], [2]], 3))).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 3],
    ]);
  });
});
