// Time and memory of evaluating 100,000 items x 20 predictions: npm run bench:evaluate
// Beside it pytrec_eval, where Python has it, on nDCG@5/10, P@1/3/5, recall@10 and reciprocal rank of the same run.
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { seededRandom } from '../../src/core/random.js';
import { SpaceTally } from '../../src/evaluate/space-tally.js';
import { meanInterval } from '../../src/evaluate/mean-interval.js';
import { RANKING_METRICS, RankingReport } from '../../src/metrics/ranking-report.js';

const N_ITEMS = Number(process.argv[2] ?? 100_000);
const N_TAGS = 20_000;
const DEPTH = 20;

interface Row {
  readonly scores: readonly { readonly tag: string; readonly score: number }[];
  readonly truth: ReadonlySet<string>;
}

/** Rankings over 20,000 tags of skewed frequency, of which some are right. */
function* rows(): Generator<Row> {
  const random = seededRandom(1);
  const draw = (): string => `tag ${Math.floor(N_TAGS * random() ** 3)}`;
  for (let i = 0; i < N_ITEMS; i++) {
    const tags = new Set<string>();
    while (tags.size < DEPTH) tags.add(draw());
    const ranking = [...tags];
    const scores = ranking.map((tag, rank) => ({ tag, score: (DEPTH - rank) / (DEPTH + 1) }));
    const truth = new Set(ranking.filter(() => random() < 0.2));
    while (truth.size < 8) truth.add(draw());
    yield { scores, truth };
  }
}

function time(name: string, work: () => void): number {
  const started = performance.now();
  work();
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${name.padEnd(52)} ${seconds.toFixed(2)} s\n`);
  return seconds;
}

process.stdout.write(
  `${N_ITEMS} items x ${DEPTH} predictions, ${N_TAGS} tags; ${cpus()[0]!.model}, Node ${process.version}\n`,
);
const generation = time('making the rankings alone', () => {
  let n = 0;
  for (const { truth } of rows()) n += truth.size;
  if (n === 0) throw new Error('no rows');
});
const ranking = time('ranking metrics (and making the rankings)', () => {
  const report = new RankingReport<string>();
  for (const { scores, truth } of rows()) {
    report.add(
      scores.map(({ tag }) => tag),
      truth,
    );
  }
  report.finish();
});
const uses = new Map(Array.from({ length: N_TAGS }, (_, i) => [`tag ${i}`, 1 + Math.floor(5000 / (i + 1))]));
const tally = new SpaceTally(new Set(uses.keys()), { uses, nTraining: N_ITEMS });
time('all figures of a report (and making the rankings)', () => {
  let i = 0;
  for (const { scores, truth } of rows()) tally.add({ id: String(i++), text: 'a text', scores, truth });
  tally.finish();
});
time('95 % intervals of the nine ranking metrics', () => {
  const { perItem } = tally.finish();
  for (const metric of RANKING_METRICS) meanInterval(perItem[metric]!, 1);
});
process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`);

const dir = await mkdtemp(join(tmpdir(), 'tagdistill-bench-'));
try {
  const file = createWriteStream(join(dir, 'rows.tsv'));
  for (const { scores, truth } of rows()) {
    const line = `${scores.map(({ tag }) => tag).join('|')}\t${[...truth].join('|')}\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  await new Promise<void>((resolve) => file.end(resolve));
  const python = process.env['PYTHON'] ?? 'python3';
  const printed = execFileSync(python, [join(import.meta.dirname, 'peer.py'), join(dir, 'rows.tsv')], {
    encoding: 'utf8',
  });
  const peer = Number(printed);
  process.stdout.write(`${'pytrec_eval, the same ranking metrics'.padEnd(52)} ${peer.toFixed(2)} s\n`);
  const ours = ranking - generation;
  process.stdout.write(
    `ours, less making the rankings: ${ours.toFixed(2)} s; peer / ours = ${(peer / ours).toFixed(2)}\n`,
  );
} catch (error) {
  process.stdout.write(
    `peer not measured (pip install pytrec-eval-terrier, or set PYTHON): ${String(error).slice(0, 120)}\n`,
  );
} finally {
  await rm(dir, { recursive: true });
}
