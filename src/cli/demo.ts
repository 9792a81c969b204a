import { join } from 'node:path';
import { packagePath } from '../core/package-info.js';
import type { OnProgress } from '../core/progress.js';
import { SPACES, type Space } from '../core/space.js';
import { loadLabelled } from '../dataset/load-labelled.js';
import type { BundleFacts } from '../evaluate/bundle-facts.js';
import { evaluateBaselines } from '../evaluate/evaluate-baselines.js';
import { evaluateBundle } from '../evaluate/evaluate-bundle.js';
import type { RankingMetric } from '../metrics/ranking-report.js';
import { Scorer } from '../runtime/scorer.js';
import type { TextScores } from '../runtime/scores.js';
import { summariseTags, type TagsSummary } from '../tags/summarise-tags.js';
import { trainInWorker, type TrainReport } from '../../student/index.js';
import { replayAnswers, type TeachReport } from '../../teacher/index.js';

const TEXTS = [
  'A young widow leaves the city to restore a run-down vineyard in Tuscany, and learns wine, patience and love from the neighbours.',
  'A retired codebreaker is called back when the ciphers of a sunken submarine turn up in a chess puzzle in the morning paper.',
  'How forests talk: a plain-spoken tour of roots, fungi and seasons, with forty walks to try with children.',
];

export interface DemoOptions {
  /** Folder for what the demo makes; an earlier demo there is replaced. */
  readonly out: string;
  readonly epochs?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface DemoReport {
  readonly out: string;
  readonly teach: Pick<TeachReport, 'nItems' | 'nAnswers' | 'nUnparseable' | 'nEdges'>;
  readonly tags: Readonly<
    Partial<Record<Space, Omit<TagsSummary, 'coverSet'> & { readonly coverSetSize: number }>>
  >;
  readonly train: TrainReport;
  readonly agreement: readonly {
    readonly name: string;
    readonly figures: Readonly<Partial<Record<Space, Readonly<Record<RankingMetric, number>>>>>;
  }[];
  readonly texts: readonly { readonly text: string; readonly scores: TextScores }[];
  readonly timing: BundleFacts['latency'] & { readonly textsPerSecond: number };
  readonly durationMs: number;
}

/** Run the whole path on the data set that ships with the package, from the teacher's answers to scored texts. */
export async function runDemo({ out, epochs, onProgress, signal }: DemoOptions): Promise<DemoReport> {
  const started = performance.now();
  const dataset = join(out, 'books');
  const student = join(out, 'student');
  const hooks = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const teach = await replayAnswers({
    answers: packagePath('datasets', 'books', 'calls.arrow'),
    items: packagePath('datasets', 'books', 'items.arrow'),
    out: dataset,
    overwrite: true,
    itemTagSamples: [0],
    ...hooks,
  });
  const summaries = await summariseTags(dataset, signal === undefined ? {} : { signal });
  const train = await trainInWorker({
    dataset,
    out: student,
    ...hooks,
    ...(epochs !== undefined && { settings: { epochs } }),
  });
  const { agreement, latency } = await measureAgreement(dataset, student, hooks);
  const scorer = await Scorer.load(student);
  try {
    const scores = await scorer.score(TEXTS, { topK: 5 });
    return {
      out,
      teach: {
        nItems: teach.nItems,
        nAnswers: teach.nAnswers,
        nUnparseable: teach.nUnparseable,
        nEdges: teach.nEdges,
      },
      tags: Object.fromEntries(
        Object.entries(summaries).map(([space, { coverSet, ...counts }]) => [
          space,
          { ...counts, coverSetSize: coverSet.length },
        ]),
      ),
      train,
      agreement,
      texts: TEXTS.map((text, i) => ({ text, scores: scores[i]! })),
      timing: { ...latency, textsPerSecond: await measureLists(scorer, dataset) },
      durationMs: performance.now() - started,
    };
  } finally {
    await scorer.close();
  }
}

async function measureAgreement(
  dataset: string,
  student: string,
  hooks: Pick<DemoOptions, 'onProgress' | 'signal'>,
): Promise<Pick<DemoReport, 'agreement'> & { readonly latency: BundleFacts['latency'] }> {
  const { spaces, facts } = await evaluateBundle({
    bundle: student,
    labels: dataset,
    split: 'test',
    ...hooks,
  });
  const baselines = evaluateBaselines(await loadLabelled(dataset), {
    onItem: (done) => hooks.onProgress?.({ stage: 'baselines', done }),
  });
  const meansOf = (kind: 'popularity' | 'neighbours') =>
    Object.fromEntries(
      SPACES.flatMap((space) => (baselines[space] ? [[space, baselines[space][kind].means]] : [])),
    );
  const agreement = [
    { name: 'tag popularity', figures: meansOf('popularity') },
    { name: 'TF-IDF nearest neighbours (40)', figures: meansOf('neighbours') },
    {
      name: 'student',
      figures: Object.fromEntries(
        SPACES.flatMap((space) => (spaces[space] ? [[space, spaces[space].means]] : [])),
      ),
    },
  ];
  return { agreement, latency: facts.latency };
}

/** Texts a second when many are scored in one call. */
async function measureLists(scorer: Scorer, dataset: string): Promise<number> {
  const { texts } = await loadLabelled(dataset, { splits: ['test'] });
  const started = performance.now();
  await scorer.score(texts);
  return texts.length / ((performance.now() - started) / 1000);
}
