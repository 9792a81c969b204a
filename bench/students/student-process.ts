// Trains the student on a split and writes what bench/students/run-student.ts reads; its argument is the task as JSON.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SPACES } from '../../src/core/space.js';
import { importLabels } from '../../src/dataset/import-labels.js';
import { Scorer } from '../../src/runtime/scorer.js';
import { normaliseTag } from '../../src/tags/normalise.js';
import { trainItem2Tag } from '../../student/index.js';
import type { BenchItem } from './data/bench-split.js';
import type { BenchRanking, SystemRun } from './system-run.js';

interface Task {
  readonly dir: string;
  readonly scratch: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly threads: number;
}

const TOP_K = 20;
const { dir, scratch, settings, seed, threads } = JSON.parse(process.argv[2]!) as Task;
const dataset = join(scratch, 'dataset');
await importLabels({ labels: join(dir, 'train.jsonl'), out: dataset, normalise: normaliseTag, seed });

const epochStarts = new Map<string, number>(); // by stage and epoch, in order
const cpuBefore = process.cpuUsage();
const report = await trainItem2Tag({
  ...settings,
  dataset,
  out: join(scratch, 'student'),
  seed,
  threads,
  onProgress: ({ stage, figures }) => {
    const key = `${stage} ${figures?.['epoch'] ?? ''}`;
    if (figures?.['epoch'] !== undefined && !epochStarts.has(key)) epochStarts.set(key, performance.now());
  },
});
const cpu = process.cpuUsage(cpuBefore);
const peakTraining = process.resourceUsage().maxRSS * 1024;

const started = performance.now();
const scorer = await Scorer.load(report.dir, { threads });
const lines = (await readFile(join(dir, 'test.jsonl'), 'utf8')).trim().split('\n');
const texts = lines.map((line) => (JSON.parse(line) as BenchItem).text);
const scores = await scorer.score(texts, { topK: TOP_K });
const predictSeconds = (performance.now() - started) / 1000;
const rankings = Object.fromEntries(
  SPACES.filter((space) => scorer.spaces.includes(space)).map((space) => [
    space,
    scores.map((of): BenchRanking => of[space]!.map(({ tag, score }) => [tag, score])),
  ]),
);
const gaps = secondsBetween([...epochStarts]);
const run: SystemRun = {
  rankings,
  trainSeconds: report.durationMs / 1000,
  trainCpuSeconds: (cpu.user + cpu.system) / 1e6,
  predictSeconds,
  peakRssBytes: peakTraining,
  sizeBytes: report.sizeBytes,
  notes: [`${report.epochs} epochs, ${report.nParameters} parameters`],
  ...(gaps.length > 0 && { epochSeconds: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length }),
};
await writeFile(join(scratch, 'ranking.json'), JSON.stringify(run));
await scorer.close();

/** Seconds from one epoch's start to the next one's, within a stage. */
function secondsBetween(starts: readonly (readonly [string, number])[]): number[] {
  const stageOf = (place: number): string => starts[place]![0].split(' ')[0]!;
  return starts.flatMap(([, at], i) =>
    i > 0 && stageOf(i - 1) === stageOf(i) ? [(at - starts[i - 1]![1]) / 1000] : [],
  );
}
