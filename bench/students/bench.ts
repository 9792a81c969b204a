// Students against peers: npm run bench:students -- [--data a,b] [--systems a,b] [--seeds 1,2,3] [--json F] [--markdown F]
// Peers need Python: python3 -m venv .python-peers && .python-peers/bin/pip install -r bench/students/peers/requirements.txt
// What was run before comes from bench/.cache, unless with --fresh. Data that is not on this machine is left out.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { SOURCES } from './data/sources.js';
import { reportData, type DataReport } from './data-report.js';
import { dataMarkdown } from './markdown.js';
import { SYSTEMS } from './systems.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'debtags,books,stackexchange' },
    systems: { type: 'string', default: SYSTEMS.map(({ name }) => name).join(',') },
    seeds: { type: 'string', default: '1,2,3' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});

const options = {
  systems: pick('systems', values.systems, SYSTEMS),
  seeds: values.seeds.split(',').map((text) => wholeNumber('seeds', text)),
  threads: wholeNumber('threads', values.threads),
  fresh: values.fresh,
  log: (line: string) => process.stderr.write(`${line}\n`),
};
const reports: DataReport[] = [];
for (const source of pick('data', values.data, SOURCES)) {
  const report = await reportData(source, options);
  if (report === null) options.log(`${source.name} is not on this machine: left out`);
  else reports.push(report);
}
const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, ${options.threads} threads, Node ${process.version}`;
const markdown = [`Measured on ${machine}.`, ...reports.map(dataMarkdown)].join('\n\n');
process.stdout.write(`${markdown}\n`);
if (values.markdown !== undefined) await writeFile(values.markdown, `${markdown}\n`);
if (values.json !== undefined) {
  await writeFile(
    values.json,
    `${JSON.stringify({ machine, threads: options.threads, reports }, null, 2)}\n`,
  );
}

function pick<T extends { readonly name: string }>(option: string, given: string, all: readonly T[]): T[] {
  return given.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    throw new Error(`--${option}: ${name} is none of ${all.map((one) => one.name).join(', ')}`);
  });
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${option}: ${text} is not a whole number from 1`);
}
