import { describe, expect, it } from 'vitest';
import type { BenchSplit, DataSource } from '../../../bench/students/data/bench-split.js';
import { books } from '../../../bench/students/data/books.js';
import { debtags } from '../../../bench/students/data/debtags.js';
import { stackexchange } from '../../../bench/students/data/stackexchange.js';

const groupsOf = (items: BenchSplit['test']) => new Set(items.map(({ id, group }) => group ?? id));

describe.each<DataSource>([books, debtags, stackexchange])('the splits of $name', (source) => {
  it('share no group, are the same for a seed and others for another', async (context) => {
    const first = await source.split(1);
    if (first === null) {
      console.warn(`skipped: ${source.name} is not on this machine`);
      context.skip();
    }
    const train = groupsOf(first!.train);
    expect([...groupsOf(first!.test)].filter((group) => train.has(group))).toEqual([]);
    expect(first!.test.length / first!.train.length).toBeGreaterThan(0.1);
    const idsOf = async (seed: number) => (await source.split(seed))!.test.map(({ id }) => id);
    expect(await idsOf(1)).toEqual(first!.test.map(({ id }) => id));
    expect(await idsOf(2)).not.toEqual(await idsOf(1));
  });
});

it('says of each book of the development part whether training has its first author', async () => {
  const { test, train } = (await books.split(1))!;
  const slices = test.map(({ slice }) => slice);
  expect(new Set(slices)).toEqual(new Set(['author seen', 'new author']));
  expect(train.every(({ slice }) => slice === undefined)).toBe(true);
});
