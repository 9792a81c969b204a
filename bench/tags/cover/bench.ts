// How long the cover set takes as items grow, beside the plain greedy that counts every gain anew for each choice.
// npm run bench:cover [-- largest number of items, default 5000000]
import { cpus } from 'node:os';
import { seededRandom } from '../../../src/core/random.js';
import type { SparseRows } from '../../../src/core/sparse.js';
import { lazyCover } from '../../../src/tags/index.js';
import { plainCover } from './plain-cover.js';
import { table } from '../../students/markdown-table.js';

const TAGS_PER_ITEM = 10;
const ITEMS_PER_TAG = 5;
const TAU = 0.99;
const SIZES = [1000, 4000, 16_000, 100_000, 500_000, 1_000_000, 2_000_000, 5_000_000];
const PLAIN_UP_TO = 100_000;

/** Made items: tag of rank r with chance about 1 / (r + n / 1000), so that no tag alone covers much. */
function madeItems(nItems: number): SparseRows {
  const random = seededRandom(nItems);
  const nColumns = nItems / ITEMS_PER_TAG;
  const shift = nColumns / 1000;
  const indices = new Uint32Array(nItems * TAGS_PER_ITEM);
  for (let cell = 0; cell < indices.length; cell++) {
    const rank = shift * (((nColumns + shift) / shift) ** random() - 1);
    indices[cell] = Math.min(nColumns - 1, Math.floor(rank));
  }
  const offsets = Uint32Array.from({ length: nItems + 1 }, (_, row) => row * TAGS_PER_ITEM);
  return { offsets, indices, values: new Float32Array(0), nColumns };
}

/** CPU time, as others may share the machine. */
function timed<T>(work: () => T): { result: T; durationMs: number } {
  const started = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(started);
  return { result, durationMs: (user + system) / 1000 };
}

const largest = Number(process.argv[2] ?? SIZES.at(-1));
process.stdout.write(
  `${cpus()[0]!.model}, Node ${process.version}, one thread; ${TAGS_PER_ITEM} tags an item, tau ${TAU}\n\n`,
);
const rows: string[][] = [];
for (const nItems of SIZES.filter((size) => size <= largest)) {
  const made = madeItems(nItems);
  for (const depth of [1, 3]) {
    const { result, durationMs } = timed(() => lazyCover(made, { tau: TAU, depth }));
    const row = [nItems, made.nColumns, depth, result.chosen.length].map((n) => n.toLocaleString('en-GB'));
    row.push((durationMs / 1000).toFixed(2));
    if (nItems <= PLAIN_UP_TO && depth === 1) {
      const plain = timed(() => plainCover(made, { tau: TAU, depth }));
      const isSame = plain.result.every((column, i) => column === result.chosen[i]?.column);
      row.push((plain.durationMs / 1000).toFixed(2), isSame ? 'yes' : 'NO');
    } else row.push('', '');
    row.push((process.resourceUsage().maxRSS / 1024).toFixed(0));
    rows.push(row);
    process.stderr.write(`${row.join(' | ')}\n`);
  }
}
const header = [
  'items',
  'tags',
  'depth',
  'chosen',
  'CPU seconds',
  'plain: CPU seconds',
  'same choice',
  'peak memory MiB',
];
process.stdout.write(`${table(header, rows)}\n`);
