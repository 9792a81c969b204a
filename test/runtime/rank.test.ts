import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scorer } from '../../src/runtime/scorer.js';
import { LOSSES, trainItem2Tag } from '../../student/index.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const TEXT = 'A story of grape harvest in a tuscany cellar.';
let scorer: Scorer;
beforeAll(async () => {
  const items = smallItems(120).map((item, i) => ({
    ...item,
    userTags: [...item.userTags, [i % 2 === 0 ? 'Book-Lover' : 'book lover', 0.5] as const],
  }));
  await writeSmallDataset(folder.path('data'), items);
  const shared = { dataset: folder.path('data'), ...TINY, vocab: 'canonical' } as const;
  await trainItem2Tag({ ...shared, out: folder.path('student'), encoder: 'default' });
  for (const loss of LOSSES) {
    const settings = { ...TINY.settings, loss, lexicalScale: 4, epochs: 10 };
    await trainItem2Tag({ ...shared, out: folder.path(loss), settings });
  }
  scorer = await Scorer.load(folder.path('student'));
});
afterAll(() => scorer.close());

const item = { space: 'item' } as const;

describe('Scorer.rank', () => {
  it('gives known tags the scores that score gives them, best first', async () => {
    const all = await scorer.score(TEXT, { topK: 100, ...item });
    const tags = all.map(({ tag }) => tag);
    const ranked = await scorer.rank(TEXT, tags.toReversed(), item);
    expect(ranked.map(({ tag }) => tag)).toEqual(tags);
    ranked.forEach(({ score, isKnown }, i) => {
      expect(isKnown).toBe(true);
      expect(score).toBeCloseTo(all[i]!.score, 12);
    });
  });

  it.each(LOSSES)('puts a new tag whose words the text has above those it lacks: %s', async (loss) => {
    const other = await Scorer.load(folder.path(loss));
    const news = ['deep sea torpedo', 'tuscany harvest', 'chess clock', 'unheard of'];
    const ranked = await other.rank(TEXT, news, item);
    await other.close();
    expect(ranked[0]!.tag).toBe('tuscany harvest');
    for (const { score, isKnown } of ranked) {
      expect(isKnown).toBe(false);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it.each(LOSSES)('finds words that training never saw by their spelling alone: %s', async (loss) => {
    const other = await Scorer.load(folder.path(loss));
    const [first, ...rest] = await other.rank('Old zeppelins.', ['dirigible', 'zeppelin', 'balloon'], item);
    await other.close();
    expect(first!.tag).toBe('zeppelin');
    for (const { score } of rest) expect(score).toBeLessThan(first!.score);
  });

  it('ranks new and known tags in one list', async () => {
    const ranked = await scorer.rank(TEXT, ['torpedo depth', 'vineyard', 'submarine'], item);
    expect(ranked[0]).toMatchObject({ tag: 'vineyard', isKnown: true });
    expect(ranked.find(({ tag }) => tag === 'torpedo depth')!.isKnown).toBe(false);
  });

  it('knows the aliases of a tag, and gives them its score', async () => {
    const ranked = await scorer.rank(TEXT, ['Book-Lover', 'book lover'], { space: 'user' });
    expect(ranked.map(({ isKnown }) => isKnown)).toEqual([true, true]);
    expect(ranked[0]!.score).toBe(ranked[1]!.score);
  });

  it('keeps to the space that is asked for', async () => {
    const [vineyard] = await scorer.rank(TEXT, ['vineyard'], { space: 'user' });
    expect(vineyard!.isKnown).toBe(false);
  });

  it('gives a tag that comes twice twice, with one score', async () => {
    const ranked = await scorer.rank(TEXT, ['new tag', 'vineyard', 'new tag', 'vineyard'], item);
    expect(ranked.map(({ tag }) => tag).toSorted()).toEqual(['new tag', 'new tag', 'vineyard', 'vineyard']);
    for (const name of ['new tag', 'vineyard']) {
      const scores = ranked.filter(({ tag }) => tag === name).map(({ score }) => score);
      expect(scores[0]).toBe(scores[1]);
    }
  });

  it('gives nothing for an empty list', async () => {
    expect(await scorer.rank(TEXT, [], item)).toEqual([]);
  });

  it('takes empty and odd tags, and many of them, each with the score it has alone', async () => {
    const odd = ['', ' ', '🧑‍🏫', '历史', 'a\ud800b', '...', 'wine '.repeat(2000)];
    const many = Array.from({ length: 300 }, (_, i) => `tag number ${i}`);
    const ranked = await scorer.rank(TEXT, [...odd, ...many], item);
    expect(ranked).toHaveLength(odd.length + many.length);
    const scoreOf = new Map(ranked.map(({ tag, score }) => [tag, score]));
    for (const tag of [...odd, many[299]!]) {
      const [alone] = await scorer.rank(TEXT, [tag], item);
      expect(Number.isFinite(alone!.score)).toBe(true);
      expect(alone!.score).toBeCloseTo(scoreOf.get(tag)!, 5);
    }
  });

  it('ranks for an empty text too', async () => {
    const ranked = await scorer.rank('', ['narrative', 'tuscany harvest'], item);
    expect(ranked[0]!.tag).toBe('narrative');
  });

  it('refuses what is no text, no tag, no space, a closed scorer and a stopped signal', async () => {
    await expect(scorer.rank(7 as never, ['a'], item)).rejects.toMatchObject({ code: 'E_BAD_INPUT' });
    await expect(scorer.rank(TEXT, ['a', 7 as never], item)).rejects.toMatchObject({
      code: 'E_BAD_INPUT',
      message: 'tag 1 is no string but number',
    });
    await expect(scorer.rank(TEXT, ['a'], { space: 'other' as never })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      hint: expect.stringContaining('item, user'),
    });
    const signal = AbortSignal.abort();
    await expect(scorer.rank(TEXT, ['a'], { ...item, signal })).rejects.toMatchObject({ code: 'E_ABORTED' });
    const other = await Scorer.load(folder.path('bce'));
    await other.close();
    await expect(other.rank(TEXT, ['vineyard'], item)).rejects.toMatchObject({ code: 'E_CLOSED' });
  });
});
