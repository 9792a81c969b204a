import { splitOf } from '../../../src/dataset/split.js';
import type { BenchItem, DataSource } from './bench-split.js';
import { readSharedRows } from './shared-data.js';

interface Row {
  readonly id: string;
  readonly site: string;
  readonly date: string;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
}

const TEST_SHARE = 0.2;

/** Questions of six sites: a development part of the training file. */
export const stackexchange: DataSource = {
  name: 'stackexchange',
  about:
    "questions of six sites, the training file alone; held out: for seed 1 each site's newest 20 %, for others 20 % at random",
  split: async (seed) => {
    const rows = await readSharedRows<Row>('stackexchange', 'train.jsonl.gz');
    if (rows === null) return null;
    const newest = newestOfEachSite(rows);
    const isTest = ({ id }: Row): boolean =>
      seed === 1
        ? newest.has(id)
        : splitOf(id, { validationShare: 0, testShare: TEST_SHARE, seed }) === 'test';
    return {
      train: rows.filter((row) => !isTest(row)).map(toItem),
      test: rows.filter(isTest).map(toItem),
    };
  },
};

/** The same questions with the file that is kept for a last look; only random draws differ by seed. */
export const stackexchangeTest: DataSource = {
  name: 'stackexchange-test',
  about: "questions of six sites; held out: the test file, each site's newest 20 % of all",
  split: async () => {
    const train = await readSharedRows<Row>('stackexchange', 'train.jsonl.gz');
    const test = await readSharedRows<Row>('stackexchange', 'test.jsonl.gz');
    return train === null || test === null ? null : { train: train.map(toItem), test: test.map(toItem) };
  },
};

function toItem({ id, title, text, tags }: Row): BenchItem {
  return { id, text: `${title}. ${text}`, item_tags: tags.map((tag) => [tag, null] as const) };
}

/** Ids of the newest questions of each site; of one day's, those that stand last in the file. */
function newestOfEachSite(rows: readonly Row[]): Set<string> {
  const bySite = new Map<string, Row[]>();
  for (const row of rows) bySite.set(row.site, [...(bySite.get(row.site) ?? []), row]);
  const newest = [...bySite.values()].flatMap((ofSite) => {
    const byDate = ofSite.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
    return byDate.slice(byDate.length - Math.round(TEST_SHARE * byDate.length));
  });
  return new Set(newest.map(({ id }) => id));
}
