// What keeping chosen tags apart costs on the books: npx tsx bench/tags/cover/overlap.ts
import { openTagVectors } from '../../../src/cli/open-tag-vectors.js';
import { SPACES } from '../../../src/core/space.js';
import { lazyCover, mergeTags, type CoverSetOptions } from '../../../src/tags/index.js';
import { canonicalDay, countUses, loadDayLabels } from '../../../src/tags/library/day-labels.js';
import { table } from '../../students/markdown-table.js';

const COSINES = [0.9, 0.8, 0.7, 0.6];
const JACCARDS = [0.5, 0.3];
const DEPTH = 3;

const { labels } = await loadDayLabels(['datasets/books']);
const { vectorOf } = await openTagVectors();
const rows: string[][] = [];
for (const space of SPACES) {
  const { canonicalOf } = mergeTags(countUses(labels[space]!));
  const { tags, rows: items } = canonicalDay('', labels[space]!, canonicalOf);
  const add = (name: string, bound: CoverSetOptions): void => {
    const { chosen, recall, nBlocked } = lazyCover(items, { tau: 0.99, depth: DEPTH, tags, ...bound });
    const counts = [chosen.length, nBlocked].map((n) => n.toLocaleString('en-GB'));
    rows.push([space, name, ...counts, (100 * recall).toFixed(1)]);
  };
  add('none', {});
  const byMeaning = { vectorOf: (column: number) => vectorOf(tags[column]!) };
  for (const maxOverlap of COSINES) add(`cosine ${maxOverlap}`, { maxOverlap, ...byMeaning });
  for (const maxOverlap of JACCARDS) add(`shared items ${maxOverlap}`, { maxOverlap });
}
process.stdout.write(`${table(['space', 'bound', 'chosen', 'kept out', `recall at ${DEPTH}, %`], rows)}\n`);
