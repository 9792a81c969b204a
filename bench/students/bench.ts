// Students against peers: npm run bench:students -- [--data a,b] [--systems a,b] [--seeds 1,2,3] [--json F] [--markdown F]
// With --ablate the student's own variants, each against the defaults; single ones by name through --systems.
// Peers need Python: python3 -m venv .python-peers && .python-peers/bin/pip install -r bench/students/peers/requirements.txt
// What was run before comes from bench/.cache, unless with --fresh. Data that is not on this machine is left out.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { ABLATIONS } from './ablations.js';
import { ablationMarkdown } from './ablation-markdown.js';
import { pick, wholeNumber } from './cli-options.js';
import { SOURCES } from './data/sources.js';
import { reportData, type DataReport } from './data-report.js';
import { dataMarkdown } from './markdown.js';
import { STUDENT, SYSTEMS, type System } from './systems.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'debtags,books,stackexchange' },
    systems: { type: 'string' },
    ablate: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '1,2,3' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});

const { ablate } = values;
const isStudent = ({ name }: System): boolean => name === STUDENT;
const systems = ablate ? [...SYSTEMS.filter(isStudent), ...ABLATIONS] : SYSTEMS;
const options = {
  systems:
    values.systems === undefined ? systems : pick('systems', values.systems, [...SYSTEMS, ...ABLATIONS]),
  ...(ablate && { isRival: isStudent }),
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
const markdown = [`Measured on ${machine}.`, ...reports.map(ablate ? ablationMarkdown : dataMarkdown)].join(
  '\n\n',
);
process.stdout.write(`${markdown}\n`);
if (values.markdown !== undefined) await writeFile(values.markdown, `${markdown}\n`);
if (values.json !== undefined) {
  await writeFile(
    values.json,
    `${JSON.stringify({ machine, threads: options.threads, reports }, null, 2)}\n`,
  );
}
