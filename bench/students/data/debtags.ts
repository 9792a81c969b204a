import { splitOf } from '../../../src/dataset/split.js';
import type { BenchItem, DataSource } from './bench-split.js';
import { readSharedRows } from './shared-data.js';

interface Row {
  readonly id: string;
  readonly src: string;
  readonly text: string;
  readonly tags: readonly string[];
}

/** Debian packages with human tags; the packages of one source stand on one side. */
export const debtags: DataSource = {
  name: 'debtags',
  about: 'Debian packages, human tags; 15 % of the source packages held out at random, another 15 % a seed',
  split: async (seed) => {
    const rows = await readSharedRows<Row>('debtags', 'train.jsonl.gz');
    if (rows === null) return null;
    const shares = { validationShare: 0, testShare: 0.15, seed };
    const train: BenchItem[] = [];
    const test: BenchItem[] = [];
    for (const { id, src, text, tags } of rows) {
      const item = { id, text, group: src, item_tags: tags.map((tag) => [tag, null] as const) };
      (splitOf(src, shares) === 'test' ? test : train).push(item);
    }
    return { train, test };
  },
};
