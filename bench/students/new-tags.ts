// Tags that training never saw: npm run bench:new-tags -- [--data a,b] [--seeds 1,2,3] [--json F] [--markdown F]
// What was run before comes from bench/.cache, unless with --fresh. Data that is not on this machine is left out.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256, sha256File } from '../../src/core/hash.js';
import { cachedJson } from './cached-json.js';
import { pick, wholeNumber } from './cli-options.js';
import { SOURCES } from './data/sources.js';
import { newTagsMarkdown, type NewTagsReport } from './new-tags/markdown.js';
import { rankNewTags } from './new-tags/rank-new-tags.js';
import { scoreNewTags } from './new-tags/score-new-tags.js';
import { studentVersion } from './run-student.js';
import { writeSplit } from './write-split.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'books,stackexchange' },
    seeds: { type: 'string', default: '1,2,3' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
const threads = wholeNumber('threads', values.threads);
const seeds = values.seeds.split(',').map((text) => wholeNumber('seeds', text));
const ownFiles = ['hold-out', 'rankers', 'rank-new-tags'].map((file) =>
  sha256File(join(import.meta.dirname, 'new-tags', `${file}.ts`)),
);
const version = [await studentVersion(), ...(await Promise.all(ownFiles))];

const reports: NewTagsReport[] = [];
for (const { name: data, split: splitFor } of pick('data', values.data, SOURCES)) {
  const ranked = [];
  for (const seed of seeds) {
    const drawn = await splitFor(seed);
    if (drawn === null) break;
    const split = await writeSplit(`${data}-${seed}`, drawn);
    const key = sha256(JSON.stringify([version, split.hash, seed, threads])).slice(0, 12);
    const make = () => {
      log(`${data}, seed ${seed}: training with and without the held-out tags`);
      return rankNewTags(split, { data, seed, threads });
    };
    const run = await cachedJson(`${data}-${seed}-new-tags-${key}`, make, { fresh: values.fresh });
    ranked.push({ split, run });
  }
  if (ranked.length < seeds.length) log(`${data} is not on this machine: left out`);
  else reports.push({ name: data, seeds, spaces: scoreNewTags(ranked) });
}
const markdown = reports.map(newTagsMarkdown).join('\n\n');
process.stdout.write(`${markdown}\n`);
if (values.markdown !== undefined) await writeFile(values.markdown, `${markdown}\n`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(reports, null, 2)}\n`);

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
