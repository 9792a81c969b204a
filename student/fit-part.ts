import type { OnProgress } from '../src/core/progress.js';
import type { Space } from '../src/core/space.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { fitNetwork, type FitProgress } from './fit-network.js';
import { InferenceGraph } from './inference-graph.js';
import { judge } from './judge.js';
import { addLinear } from './linear/add-linear.js';
import { isDistributionLoss } from './losses.js';
import type { NetworkParameters } from './network.js';
import {
  namedTags,
  prepareTraining,
  selectVectors,
  type ItemPool,
  type PreparedTraining,
  type PrepareOptions,
} from './prepare.js';

/** Where and how often a run saves its state. */
export interface CheckpointOptions {
  readonly file: string;
  readonly key: string;
  /** Save after an epoch when so many milliseconds have passed since the last time. */
  readonly everyMs: number;
  readonly now: () => number;
}

export interface FitPartOptions extends PrepareOptions {
  readonly stage: 'train' | 'refit';
  readonly seed: number;
  readonly threads: number;
  /** Train so many epochs of the schedule, judging none. */
  readonly stopAfter?: number;
  readonly checkpoint?: CheckpointOptions;
  /** What the caller knows by now; a checkpoint keeps it. */
  readonly known?: unknown;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface FittedPart {
  readonly prepared: PreparedTraining;
  /** What was trained by gradients. */
  readonly network: NetworkParameters;
  /** The network, with linear classifiers where the settings ask for them. */
  readonly parameters: NetworkParameters;
  /** Epochs of the parameters. */
  readonly epochs: number;
  /** nDCG@5 on the validation items; empty without any. */
  readonly ndcg: Readonly<Partial<Record<Space, number>>>;
}

/** What a checkpoint says beside its arrays. */
export interface FitPartState {
  readonly stage: 'train' | 'refit';
  readonly epoch: number;
  readonly step: number;
  readonly best: Best | null;
  readonly known: unknown;
}

interface Best {
  readonly epoch: number;
  readonly score: number;
  readonly ndcg: Readonly<Partial<Record<Space, number>>>;
}

const PATIENCE = 3;
const BEST = 'best/';

/**
 * Train on some items; with validation items, keep the parameters of the epoch that ranks their tags best, and stop
 * when three epochs bring nothing.
 */
export async function fitPart(
  pool: ItemPool,
  { training, validation }: { readonly training: readonly number[]; readonly validation: readonly number[] },
  options: FitPartOptions,
): Promise<FittedPart> {
  const { stage, checkpoint, threads, signal } = options;
  const prepared = await prepareTraining(pool, training, options);
  const { settings, shape, encoder, vocabularies } = prepared;
  const judged = {
    bags: validation.map((i) => encoder.encode(pool.items.texts[i]!)),
    vectors: selectVectors(pool.vectors, shape.nVectorDims, validation),
  };
  const isDistribution = isDistributionLoss(settings.loss);
  const graph = await InferenceGraph.build(shape, { threads, isDistribution });
  const saved = checkpoint && (await readCheckpoint<FitPartState>(checkpoint.file, checkpoint.key));
  const resumeFrom = saved?.state.stage === stage ? saved : undefined;
  let best: Best | undefined = resumeFrom?.state.best ?? undefined;
  let bestArrays = resumeFrom && pickBest(resumeFrom.arrays);
  let savedAt = checkpoint?.now() ?? 0;
  const isDone = (epoch: number): boolean => best !== undefined && epoch - best.epoch >= PATIENCE;

  const afterEpoch = async (progress: FitProgress, current: NetworkParameters): Promise<boolean> => {
    if (validation.length > 0) {
      const top = await graph.topTags(judged, current, 20);
      const { ndcg, meanNdcg } = judge(pool.items, validation, vocabularies, top);
      // Of equal epochs the later one: its probabilities are sharper.
      if (best === undefined || meanNdcg >= best.score) {
        best = { epoch: progress.epoch, score: meanNdcg, ndcg };
        bestArrays = flatten(current);
      }
    }
    if (checkpoint !== undefined && checkpoint.now() - savedAt >= checkpoint.everyMs) {
      const { epoch, step } = progress;
      const state: FitPartState = { stage, epoch, step, best: best ?? null, known: options.known ?? null };
      await writeCheckpoint(checkpoint.file, {
        key: checkpoint.key,
        state,
        arrays: { ...progress.arrays, ...withPrefix(bestArrays ?? {}) },
      });
      savedAt = checkpoint.now();
    }
    return isDone(progress.epoch);
  };
  const judgeWhole = async (parameters: NetworkParameters): Promise<FittedPart['ndcg']> => {
    const whole = await InferenceGraph.build(shape, { threads, isDistribution, hasLinear: true });
    try {
      return judge(pool.items, validation, vocabularies, await whole.topTags(judged, parameters, 20)).ndcg;
    } finally {
      await whole.release();
    }
  };
  // A run that was stopped after its last epoch trains no other one.
  const lastEpoch = resumeFrom && isDone(resumeFrom.state.epoch) ? resumeFrom.state.epoch : options.stopAfter;
  try {
    const last = await fitNetwork(shape, prepared.training, {
      ...settings,
      seed: options.seed,
      threads,
      tagBags: prepared.tagBags,
      afterEpoch,
      ...(lastEpoch !== undefined && { stopAfter: lastEpoch }),
      ...(resumeFrom && { resumeFrom: { ...resumeFrom.state, arrays: resumeFrom.arrays } }),
      ...(signal && { signal }),
      onProgress: (event) =>
        options.onProgress?.({
          ...event,
          stage,
          figures: { ...event.figures, ...(best && { 'validation nDCG@5': best.score }) },
        }),
    });
    const network = bestArrays === undefined ? last : unflatten(bestArrays);
    const fitted = { prepared, network, epochs: best?.epoch ?? options.stopAfter ?? settings.epochs };
    if (settings.linearWeight === 0) return { ...fitted, parameters: network, ndcg: best?.ndcg ?? {} };
    const named = namedTags(pool.items, training, vocabularies);
    const parameters = await addLinear(network, prepared, {
      ...options,
      bags: prepared.training.bags,
      named,
    });
    return { ...fitted, parameters, ndcg: validation.length === 0 ? {} : await judgeWhole(parameters) };
  } finally {
    await graph.release();
  }
}

const EMBEDDING = 'embedding';

/** Copy parameters into one record of arrays. */
function flatten({ embedding, dense }: NetworkParameters): Record<string, Float32Array> {
  const copies: Record<string, Float32Array> = { [EMBEDDING]: embedding.slice() };
  for (const [name, values] of Object.entries(dense)) copies[name] = values.slice();
  return copies;
}

function unflatten({
  [EMBEDDING]: embedding,
  ...dense
}: Readonly<Record<string, Float32Array>>): NetworkParameters {
  return { embedding: embedding!, dense };
}

function withPrefix(arrays: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [BEST + name, values]));
}

function pickBest(arrays: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> | undefined {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(BEST));
  if (own.length === 0) return undefined;
  return Object.fromEntries(own.map(([name, values]) => [name.slice(BEST.length), values]));
}
