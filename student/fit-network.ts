import { TagdistillError } from '../src/core/errors.js';
import type { OnProgress } from '../src/core/progress.js';
import { seededRandom, shuffle, type Random } from '../src/core/random.js';
import { SPACES, type Space } from '../src/core/space.js';
import { padStems, type Bag } from '../src/features/bag-encoder.js';
import { fillInitial, type InitialOptions } from './initial-parameters.js';
import type { RowRule } from './kernel/embedding-table.js';
import { isDistributionLoss, type LossOptions } from './losses.js';
import { NetworkState } from './network-state.js';
import type { NetworkParameters, NetworkShape } from './network.js';
import { TrainingGraph, type TrainingBatch } from './training-graph.js';
import type { TrainingItems } from './training-items.js';

/** How a network is trained; stands in the manifest. */
export interface FitSettings extends LossOptions {
  readonly batchSize: number;
  readonly learningRate: number;
  readonly rowRule: RowRule;
  /** Learning rate of the embeddings, over that of the rest. */
  readonly rowRateScale: number;
  /** Share of a text's features that a step does not see. */
  readonly featureDropout: number;
  /** Decoupled weight decay of the heads. */
  readonly weightDecay: number;
  readonly tagWordScale: number;
  readonly lexicalScale: number;
}

/** Where training stands after some epochs; a checkpoint holds it. */
export interface FitProgress {
  readonly epoch: number;
  readonly step: number;
  /** Views on all that training changes; they change with the next step. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

export interface FitOptions extends FitSettings, Pick<InitialOptions, 'tagBags'> {
  readonly seed: number;
  readonly epochs: number;
  readonly threads: number;
  /** Epochs to train of the learning-rate schedule's `epochs`; all by default. */
  readonly stopAfter?: number;
  /** Go on from here instead of from the start. */
  readonly resumeFrom?: FitProgress;
  /** Called after each epoch with the parameters in place; return true to stop. */
  readonly afterEpoch?: (progress: FitProgress, parameters: NetworkParameters) => Promise<boolean>;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Train a student's network: Adam, learning rate falling linearly to 0 over the epochs.
 *
 * The same seed, items and options give the same parameters on the same machine, resumed or not: each epoch draws
 * from a generator of its own.
 *
 * @throws TagdistillError `E_ABORTED` when the signal fires, `E_BAD_INPUT` when the loss is no number,
 *   `E_OUT_OF_MEMORY`
 */
export async function fitNetwork(
  shape: NetworkShape,
  items: TrainingItems,
  options: FitOptions,
): Promise<NetworkParameters> {
  const batchSize = Math.min(options.batchSize, items.bags.length);
  const maxIds = largestBatch(items.bags, batchSize);
  const state = await NetworkState.create({ shape, batchSize, maxIds, rowRule: options.rowRule });
  const { resumeFrom } = options;
  if (resumeFrom === undefined) {
    const random = seededRandom(options.seed);
    const biasOf = isDistributionLoss(options.loss) ? 'share' : 'odds';
    await fillInitial(state.parameters, shape, items, { ...options, random, biasOf });
  } else {
    for (const [name, values] of Object.entries(state.arrays)) values.set(resumeFrom.arrays[name]!);
  }
  const graph = await TrainingGraph.build(shape, options);
  const batches = new BatchMaker(shape, items, state, options.featureDropout);
  const stepsPerEpoch = Math.ceil(items.bags.length / batchSize);
  const nSteps = stepsPerEpoch * options.epochs;
  const lastEpoch = options.stopAfter ?? options.epochs;
  let step = resumeFrom?.step ?? 0;
  try {
    for (let epoch = (resumeFrom?.epoch ?? 0) + 1; epoch <= lastEpoch; epoch++) {
      const random = seededRandom(options.seed + Math.imul(epoch, 0x9e3779b1));
      const order = shuffle(
        Uint32Array.from(items.bags, (_, i) => i),
        random,
      );
      for (let start = 0; start < order.length; start += batchSize) {
        if (options.signal?.aborted === true) {
          throw new TagdistillError('E_ABORTED', `training was stopped in epoch ${epoch} of ${lastEpoch}`);
        }
        const batch = batches.make(order.subarray(start, start + batchSize), random);
        const { nRows } = batch;
        const dBag = state.dBagSums.subarray(0, nRows * shape.nDims);
        const loss = await graph.step(batch, state.dense, { bag: dBag, dense: state.dDense });
        if (!Number.isFinite(loss)) {
          throw new TagdistillError('E_BAD_INPUT', `the loss became ${loss} in epoch ${epoch}`, {
            hint: 'Lower the learning rate.',
          });
        }
        const learningRate = options.learningRate * (1 - step / nSteps);
        step++;
        state.update(nRows, {
          learningRate,
          step,
          weightDecay: options.weightDecay,
          rowRateScale: options.rowRateScale,
        });
        options.onProgress?.({
          stage: 'train',
          done: step,
          total: stepsPerEpoch * lastEpoch,
          figures: { epoch, loss },
        });
      }
      if ((await options.afterEpoch?.({ epoch, step, arrays: state.arrays }, state.parameters)) === true)
        break;
    }
  } finally {
    await graph.release();
  }
  return state.parameters;
}

/** Features that the fullest batch can have. */
function largestBatch(bags: readonly Bag[], batchSize: number): number {
  const lengths = Uint32Array.from(bags, ({ ids }) => ids.length).sort();
  return Math.max(
    1,
    lengths.slice(-batchSize).reduce((sum, length) => sum + length, 0),
  );
}

/** Fills the arrays of one batch after another. */
class BatchMaker {
  private readonly targets: Partial<Record<Space, Float32Array>> = {};

  constructor(
    private readonly shape: NetworkShape,
    private readonly items: TrainingItems,
    private readonly state: NetworkState,
    private readonly featureDropout: number,
  ) {}

  make(rows: Uint32Array, random: Random): TrainingBatch {
    const { shape, items, state } = this;
    const bags = Array.from(rows, (row) => items.bags[row]!);
    state.bags.clear();
    for (const bag of bags) state.bags.push(bag.ids, this.dropFeatures(bag.weights, random));
    const bag = state.bagSums.subarray(0, rows.length * shape.nDims);
    state.table.forward(state.bags, bag);
    const { nVectorDims: nV } = shape;
    rows.forEach((row, i) => state.vectors.set(items.vectors.subarray(row * nV, (row + 1) * nV), i * nV));
    const { stems, stemWidth } = padStems(bags, shape.nStems);
    const vectors = state.vectors.subarray(0, rows.length * nV);
    return { nRows: rows.length, bag, vectors, stems, stemWidth, targets: this.targetsOf(rows) };
  }

  private dropFeatures(weights: Float32Array, random: Random): Float32Array {
    const share = this.featureDropout;
    if (share === 0) return weights;
    return weights.map((weight) => (random() < share ? 0 : weight / (1 - share)));
  }

  private targetsOf(rows: Uint32Array): Partial<Record<Space, Float32Array>> {
    const filled: Partial<Record<Space, Float32Array>> = {};
    for (const space of SPACES) {
      const sparse = this.items.targets[space];
      if (sparse === undefined) continue;
      const n = this.shape.nTags[space]!;
      const all = (this.targets[space] ??= new Float32Array(rows.length * n)); // [batchSize, nTags]
      const full = all.subarray(0, rows.length * n).fill(0);
      rows.forEach((item, row) => {
        for (let i = sparse.offsets[item]!; i < sparse.offsets[item + 1]!; i++) {
          full[row * n + sparse.indices[i]!] = sparse.values[i]!;
        }
      });
      filled[space] = full;
    }
    return filled;
  }
}
