import { RankingReport, RANKING_METRICS } from '../../src/metrics/ranking-report.js';
import { SpaceTally } from '../../src/evaluate/space-tally.js';
import { syntheticItems, syntheticUses } from './synthetic-items.js';

const BATCH = 1000;
const N_TRAINING = 50_000;

// Run in a process of its own, so that the peak memory is that of one size alone.
const nItems = Number(process.argv[2]);
const tally = new SpaceTally(syntheticUses(N_TRAINING), N_TRAINING);
const rankingAlone = new RankingReport<string>();
const items = syntheticItems(nItems);
const spent = { tally: 0, rankingAlone: 0 };
for (let done = 0; done < nItems; done += BATCH) {
  const batch = Array.from(items.take(BATCH));
  let started = performance.now();
  for (const item of batch) tally.add(item);
  spent.tally += performance.now() - started;
  started = performance.now();
  for (const { scores, truth } of batch) {
    rankingAlone.add(
      scores.map(({ tag }) => tag),
      truth,
    );
  }
  spent.rankingAlone += performance.now() - started;
}
const started = performance.now();
const figures = tally.finish();
const finishMs = performance.now() - started;
const peakMb = process.resourceUsage().maxRSS / 1000;
process.stdout.write(
  JSON.stringify({
    nItems,
    tallyMs: spent.tally + finishMs,
    rankingAloneMs: spent.rankingAlone,
    peakMb,
    means: Object.fromEntries(RANKING_METRICS.map((name) => [name, figures.means[name]])),
  }),
);
