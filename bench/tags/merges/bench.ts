// Precision and recall of merging on pairs judged by hand: npm run bench:merges -- [--json F]
// Thresholds are chosen on the pairs marked "choose"; the figures are those of the pairs marked "test".
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SPACES, type Space } from '../../../src/core/space.js';
import { loadLabelled } from '../../../src/dataset/load-labelled.js';
import { readStaticEncoder } from '../../../src/features/read-static-encoder.js';
import { mergeSemantic, mergeTags, type AliasTable } from '../../../src/tags/index.js';
import { score, scoreRow, type JudgedPair, type PairScore } from './score.js';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const root = join(import.meta.dirname, '../../..');
const pairs = (await readFile(join(import.meta.dirname, 'pairs.jsonl'), 'utf8'))
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as JudgedPair);
const { labels } = await loadLabelled(join(root, 'datasets/books'));
const { encoder } = await readStaticEncoder(join(root, 'exports/encoders/minilm-static'));
const vectorOf = (text: string): Float32Array => encoder.vector(text);
const countsOf = new Map(SPACES.map((space) => [space, countTags(space)]));
const spelling = new Map(SPACES.map((space) => [space, mergeTags(countsOf.get(space)!)]));

const COSINES = Array.from({ length: 20 }, (_, i) => Number((0.5 + 0.025 * i).toFixed(3)));
const NEAR = [0.65, 0.7, 0.75, 0.8];
const parts = (part: JudgedPair['part']): JudgedPair[] => pairs.filter((pair) => pair.part === part);
type Rule = (pair: JudgedPair) => boolean;

const bySpelling: Rule = ({ space, a, b }) => isOne(spelling.get(space)!, a, b);
const byCosine =
  (threshold: number): Rule =>
  ({ a, b }) =>
    cosine(a, b) >= threshold;
const bySemantics = (threshold: number, isGuarded: boolean): Rule => {
  const tables = new Map(SPACES.map((space) => [space, merge(space, threshold, isGuarded)]));
  return ({ space, a, b }) => isOne(tables.get(space)!, a, b);
};

const methods: Readonly<Record<string, readonly (readonly [number, Rule])[]>> = {
  'cosine alone': COSINES.map((threshold) => [threshold, byCosine(threshold)]),
  'nearest, without the guard': NEAR.map((threshold) => [threshold, bySemantics(threshold, false)]),
  'nearest, with the guard': NEAR.map((threshold) => [threshold, bySemantics(threshold, true)]),
};
const rows: PairScore[] = [score('spelling alone', null, parts('test'), bySpelling)];
for (const [name, rules] of Object.entries(methods)) {
  // Of equals the highest threshold: it merges less.
  const best = rules
    .map(([threshold, rule]) => ({ rule, threshold, f1: score(name, threshold, parts('choose'), rule).f1 }))
    .reduce((first, next) => (next.f1 >= first.f1 ? next : first));
  rows.push(score(name, best.threshold, parts('test'), best.rule));
}
const lines = ['| | threshold | precision | recall | F1 |', '|---|---|---|---|---|', ...rows.map(scoreRow)];
process.stdout.write(`${lines.join('\n')}\n`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);

function merge(space: Space, threshold: number, isGuarded: boolean): AliasTable {
  return mergeSemantic(spelling.get(space)!, countsOf.get(space)!, { space, vectorOf, threshold, isGuarded });
}

function countTags(space: Space): Map<string, number> {
  const counts = new Map<string, number>();
  const { tags, rows: cells } = labels[space]!;
  for (const column of cells.indices) counts.set(tags[column]!, (counts.get(tags[column]!) ?? 0) + 1);
  return counts;
}

function isOne({ canonicalOf }: AliasTable, a: string, b: string): boolean {
  return canonicalOf.get(a) === canonicalOf.get(b);
}

function cosine(a: string, b: string): number {
  const [ofA, ofB] = [vectorOf(a), vectorOf(b)];
  return ofA.reduce((sum, value, d) => sum + value * ofB[d]!, 0);
}
