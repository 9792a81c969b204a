import { describe, expect, it } from 'vitest';
import type { ItemTagRow } from '../../../src/dataset/rows.js';
import { mapItemTags, type MappedTag } from '../../../src/tags/transfer/map-item-tags.js';

const row = (tag: string, rank: number, more: Partial<ItemTagRow> = {}): ItemTagRow => ({
  item_id: 'i',
  space: 'item',
  tag_raw: tag,
  tag,
  rank,
  score: 0.5,
  votes: 1,
  samples: 1,
  logprob: null,
  call_keys: [`call-${tag}`],
  ...more,
});

const targets: Readonly<Record<string, MappedTag>> = {
  beer: { tag: 'Brewing', share: 1 },
  ale: { tag: 'Brewing', share: 1 },
  lager: { tag: 'Brewing', share: 0.8 },
  wine: { tag: 'wine', share: 1 },
};
const mapped = (_: string, tag: string): MappedTag | undefined => targets[tag];

describe('mapItemTags', () => {
  it('leaves out what finds no target and counts ranks anew, a space each', () => {
    const rows = [row('nothing', 0), row('wine', 2), row('beer', 1), row('ale', 0, { space: 'user' })];
    expect(
      mapItemTags(rows, mapped).map(({ space, tag_raw, tag, rank }) => [space, tag_raw, tag, rank]),
    ).toEqual([
      ['user', 'Brewing', 'brewing', 0],
      ['item', 'Brewing', 'brewing', 0],
      ['item', 'wine', 'wine', 1],
    ]);
  });

  it('makes one row of tags that meet: the strongest, the most votes, every call', () => {
    const rows = [
      row('beer', 0, { score: 0.5, votes: 3, samples: 3 }),
      row('ale', 1, { score: 0.9 }),
      row('lager', 2, { score: 1 }),
    ];
    expect(mapItemTags(rows, mapped)).toEqual([
      row('Brewing', 0, {
        tag: 'brewing',
        score: 0.9,
        votes: 3,
        samples: 3,
        call_keys: ['call-beer', 'call-ale', 'call-lager'],
      }),
    ]);
  });

  it('multiplies the strength of a near tag by the cosine, and leaves an unknown one unknown where the name fits', () => {
    const [near] = mapItemTags([row('lager', 0, { score: 0.5 })], mapped);
    expect(near!.score).toBeCloseTo(0.4, 12);
    expect(mapItemTags([row('lager', 0, { score: null })], mapped)[0]!.score).toBe(0.8);
    expect(mapItemTags([row('beer', 0, { score: null })], mapped)[0]!.score).toBeNull();
  });
});
