import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TagStatistics } from '../../../teacher/run/tag-statistics.js';

describe('TagStatistics', () => {
  it('counts an item as recalled only by tags that were in the cover set before it', () => {
    const statistics = new TagStatistics(3);
    statistics.add({ item: ['wine', 'cellar'] });
    expect(statistics.figures().item).toMatchObject({ recall: 0, nCoverTags: 1, nDistinct: 2 });
    statistics.add({ item: ['wine'] });
    expect(statistics.figures().item).toMatchObject({ recall: 0.5, nCoverTags: 1, nDistinct: 2 });
    statistics.add({ item: ['cellar'] });
    expect(statistics.figures().item).toMatchObject({ recall: 1 / 3, nCoverTags: 2 });
  });

  it('adds the most used tag of an item that is not covered, the first named of equals', () => {
    const statistics = new TagStatistics(10);
    statistics.add({ item: ['a', 'b'] }); // a
    statistics.add({ item: ['a', 'c'] });
    statistics.add({ item: ['b', 'c'] }); // b and c have two uses each: b
    statistics.add({ item: ['c'] }); // not covered yet
    expect(statistics.figures().item).toMatchObject({ nCoverTags: 3, recall: 1 / 4 });
  });

  it('settles only when each space that has tags has a whole window, and gives the lower recall', () => {
    const statistics = new TagStatistics(2);
    statistics.add({ item: ['a'], user: ['x'] });
    expect(statistics.settledRecall).toBeNaN();
    statistics.add({ item: ['a'], user: ['y'] });
    expect(statistics.settledRecall).toBe(0);
    statistics.add({ item: ['a'], user: ['y'] });
    expect(statistics.settledRecall).toBe(0.5);
    expect(statistics.figures().item?.recall).toBe(1);
  });

  it('leaves a space without tags out', () => {
    const statistics = new TagStatistics(1);
    expect(statistics.settledRecall).toBeNaN();
    statistics.add({ item: ['a'] });
    statistics.add({ item: ['a'] });
    expect(statistics.settledRecall).toBe(1);
    expect(Object.keys(statistics.figures())).toEqual(['item']);
  });

  it('draws the growth curve at 1, 2, 5, 10, ... items and at the end', () => {
    const statistics = new TagStatistics();
    for (let n = 0; n < 123; n++) statistics.add({ user: [`tag ${n}`] });
    expect(statistics.figures().user?.growth).toEqual(
      [1, 2, 5, 10, 20, 50, 100, 123].map((n) => ({ nItems: n, nDistinct: n })),
    );
  });

  it('agrees with counting all over again', () => {
    const item = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        (items, window) => {
          const statistics = new TagStatistics(window);
          const cover = new Set<string>();
          const uses = new Map<string, number>();
          const covered: boolean[] = [];
          const fresh: number[] = [];
          for (const tags of items) {
            statistics.add({ item: tags });
            covered.push(tags.some((tag) => cover.has(tag)));
            fresh.push(new Set(tags.filter((tag) => !uses.has(tag))).size);
            for (const tag of new Set(tags)) uses.set(tag, (uses.get(tag) ?? 0) + 1);
            const most = Math.max(...tags.map((tag) => uses.get(tag)!));
            if (!covered.at(-1)!) cover.add(tags.find((tag) => uses.get(tag) === most)!);
          }
          const last = covered.slice(-window);
          const figures = statistics.figures().item!;
          expect(figures.recall).toBeCloseTo(last.filter(Boolean).length / last.length, 12);
          expect(figures.newPer100).toBeCloseTo(
            (100 * fresh.slice(-window).reduce((sum, n) => sum + n, 0)) / last.length,
            9,
          );
          expect(figures).toMatchObject({ nDistinct: uses.size, nCoverTags: cover.size });
        },
      ),
    );
  });
});
