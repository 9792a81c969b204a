import { TagdistillError } from '../src/core/errors.js';
import type { OnProgress } from '../src/core/progress.js';
import { seededRandom, shuffle, type Random } from '../src/core/random.js';
import type { SparseRows } from '../src/core/sparse.js';
import { SPACES, type Space } from '../src/core/space.js';
import { padBags, type Bag } from '../src/features/bag-encoder.js';
import { adamState, adamUpdate, type AdamState } from './adam.js';
import { latentSpace } from './latent-space.js';
import { denseShapes, LEXICAL_UNIT, type NetworkParameters, type NetworkShape } from './network.js';
import { TrainingGraph, type TrainingBatch } from './training-graph.js';

/** Items as the network reads them: bags of features, and per space the target mass of each tag. */
export interface TrainingItems {
  readonly bags: readonly Bag[];
  /** shape [nItems, nTags] a space; a row sums to 1, or is empty where the item has no tag */
  readonly targets: Readonly<Partial<Record<Space, SparseRows>>>;
}

export interface FitOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly threads: number;
  /** The tags' own words as bags, a space: a tag's head starts out pointing at texts that use its words. */
  readonly tagBags: Readonly<Partial<Record<Space, readonly Bag[]>>>;
  /** Length of a head that starts from a tag's own words. */
  readonly tagWordScale: number;
  /** What a tag gains in the logit, at first, when the text has all its words. */
  readonly lexicalScale: number;
  /** Called after each epoch with the parameters in place; return true to stop. */
  readonly afterEpoch?: (epoch: number, parameters: NetworkParameters) => Promise<boolean>;
  /** Epochs to train of the learning-rate schedule's `epochs`; all by default. */
  readonly stopAfter?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Train a student's network: Adam, learning rate falling linearly to 0 over the epochs.
 *
 * The same seed, items and options give the same parameters on the same machine.
 *
 * @throws TagdistillError `E_ABORTED` when the signal fires, `E_BAD_INPUT` when the loss is no number
 */
export async function fitNetwork(
  shape: NetworkShape,
  items: TrainingItems,
  options: FitOptions,
): Promise<NetworkParameters> {
  const random = seededRandom(options.seed);
  const parameters = await initialParameters(shape, items, random, options);
  const graph = await TrainingGraph.build(shape, { threads: options.threads });
  const states = Object.fromEntries(
    Object.entries(parameters.dense).map(([name, values]) => [name, adamState(values.length)]),
  );
  const embedding = new EmbeddingUpdater(parameters.embedding, shape);
  const order = Uint32Array.from(items.bags, (_, i) => i);
  const stepsPerEpoch = Math.ceil(order.length / options.batchSize);
  const nSteps = stepsPerEpoch * options.epochs;
  const lastEpoch = options.stopAfter ?? options.epochs;
  let step = 0;
  try {
    for (let epoch = 1; epoch <= lastEpoch; epoch++) {
      shuffle(order, random);
      for (let start = 0; start < order.length; start += options.batchSize) {
        if (options.signal?.aborted === true) {
          throw new TagdistillError('E_ABORTED', `training was stopped in epoch ${epoch} of ${lastEpoch}`);
        }
        const rows = order.subarray(start, start + options.batchSize);
        const bags = Array.from(rows, (row) => items.bags[row]!);
        const batch = makeBatch(shape, items, rows, bags, parameters);
        const { loss, dBag, dDense } = await graph.step(batch, parameters);
        if (!Number.isFinite(loss)) {
          throw new TagdistillError('E_BAD_INPUT', `the loss became ${loss} in epoch ${epoch}`, {
            hint: 'Lower the learning rate.',
          });
        }
        const decay = 1 - step / nSteps;
        step++;
        for (const [name, gradient] of Object.entries(dDense)) {
          adamUpdate(parameters.dense[name]!, gradient, states[name]!, {
            learningRate: options.learningRate * decay,
            step,
          });
        }
        embedding.update(bags, dBag, options.learningRate * decay, step);
        options.onProgress?.({
          stage: 'train',
          done: step,
          total: stepsPerEpoch * lastEpoch,
          figures: { epoch, loss },
        });
      }
      if ((await options.afterEpoch?.(epoch, parameters)) === true) break;
    }
  } finally {
    await graph.release();
  }
  return parameters;
}

async function initialParameters(
  shape: NetworkShape,
  items: TrainingItems,
  random: Random,
  { tagBags, tagWordScale, lexicalScale, threads }: FitOptions,
): Promise<NetworkParameters> {
  const embedding = await latentSpace(items.bags, { ...shape, random, threads });
  const dense = Object.fromEntries(
    Object.entries(denseShapes(shape)).map(([name, dims]) => [
      name,
      new Float32Array(dims.reduce((product, dim) => product * dim, 1)),
    ]),
  );
  dense['norm_scale']!.fill(1);
  for (const space of SPACES) dense[`${space}_lexical`]?.fill(lexicalScale / LEXICAL_UNIT);
  for (const space of SPACES) {
    const targets = items.targets[space];
    if (targets === undefined) continue;
    // Starting from the tags' own frequencies leaves only what the text changes to be learnt.
    const mass = new Float64Array(targets.nColumns).fill(1e-3);
    targets.indices.forEach((column, i) => (mass[column]! += targets.values[i]!));
    const total = mass.reduce((a, b) => a + b, 0);
    mass.forEach((m, column) => (dense[`${space}_bias`]![column] = Math.log(m / total)));
  }
  for (const space of SPACES) {
    const bags = tagBags[space];
    const head = dense[`${space}_head`]; // [nDims, nTags]
    if (bags === undefined || head === undefined) continue;
    bags.forEach(({ ids, weights }, tag) => {
      ids.forEach((id, i) => {
        for (let d = 0; d < shape.nDims; d++) {
          head[d * bags.length + tag]! += tagWordScale * weights[i]! * embedding[id * shape.nDims + d]!;
        }
      });
    });
  }
  return { embedding, dense };
}

function makeBatch(
  { nDims, nTags, nStems }: NetworkShape,
  items: TrainingItems,
  rows: Uint32Array,
  bags: readonly Bag[],
  { embedding }: NetworkParameters,
): TrainingBatch {
  const bag = new Float32Array(rows.length * nDims); // [nRows, nDims]
  bags.forEach(({ ids, weights }, row) => {
    const out = row * nDims;
    for (let i = 0; i < ids.length; i++) {
      const weight = weights[i]!;
      const from = ids[i]! * nDims;
      for (let d = 0; d < nDims; d++) bag[out + d]! += weight * embedding[from + d]!;
    }
  });
  const targets: Partial<Record<Space, Float32Array>> = {};
  for (const space of SPACES) {
    const sparse = items.targets[space];
    if (sparse === undefined) continue;
    const n = nTags[space]!;
    const full = new Float32Array(rows.length * n); // [nRows, nTags]
    rows.forEach((item, row) => {
      for (let i = sparse.offsets[item]!; i < sparse.offsets[item + 1]!; i++) {
        full[row * n + sparse.indices[i]!] = sparse.values[i]!;
      }
    });
    targets[space] = full;
  }
  const { stems, stemWidth } = padBags(bags, nStems);
  return { nRows: rows.length, bag, stems, stemWidth, targets };
}

/** Spreads the gradient of summed bags over the features that were in them, and updates only those rows. */
class EmbeddingUpdater {
  private readonly gradient: Float32Array; // [nFeatures, nDims]
  private readonly state: AdamState;
  private readonly isTouched: Uint8Array; // [nFeatures]

  constructor(
    private readonly values: Float32Array,
    private readonly shape: NetworkShape,
  ) {
    this.gradient = new Float32Array(values.length);
    this.state = adamState(values.length);
    this.isTouched = new Uint8Array(shape.nFeatures);
  }

  update(bags: readonly Bag[], dBag: Float32Array, learningRate: number, step: number): void {
    const { nDims } = this.shape;
    const touched: number[] = [];
    bags.forEach(({ ids, weights }, row) => {
      const from = row * nDims;
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        const weight = weights[i]!;
        if (this.isTouched[id] === 0) {
          this.isTouched[id] = 1;
          touched.push(id);
        }
        const out = id * nDims;
        for (let d = 0; d < nDims; d++) this.gradient[out + d]! += weight * dBag[from + d]!;
      }
    });
    adamUpdate(this.values, this.gradient, this.state, { learningRate, step }, { touched, width: nDims });
    for (const id of touched) {
      this.isTouched[id] = 0;
      this.gradient.fill(0, id * nDims, (id + 1) * nDims);
    }
  }
}
