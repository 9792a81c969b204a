import * as ort from 'onnxruntime-node';
import { SPACES, type Space } from '../src/core/space.js';
import { padStems, type Bag } from '../src/features/bag-encoder.js';
import { Graph, type Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';
import { openSession } from '../src/runtime/session.js';
import {
  denseShapes,
  nAllTags,
  trainedLogits,
  type NetworkParameters,
  type NetworkShape,
} from './network.js';

/** The best tags of n items in one space. */
export interface TopTags {
  readonly k: number;
  /** shape [n, k], best first */
  readonly logits: Float32Array;
  /** shape [n, k] */
  readonly columns: Int32Array;
}

/** Texts that one run of a graph scores. */
export const ROWS_PER_RUN = 64;

/** Items to judge: their bags, and their frozen vectors, shape [n, nVectorDims]. */
export interface JudgedItems {
  readonly bags: readonly Bag[];
  readonly vectors: Float32Array;
}

export interface InferenceGraphOptions {
  readonly threads: number;
  readonly isDistribution: boolean;
  /** Whether the parameters that will be given have linear classifiers. */
  readonly hasLinear?: boolean;
}

/** Runs a network whose parameters still change: they are inputs here, where the export has them inside. */
export class InferenceGraph {
  private constructor(
    private readonly shape: NetworkShape,
    private readonly spaces: readonly Space[],
    private readonly session: ort.InferenceSession,
  ) {}

  static async build(
    shape: NetworkShape,
    { threads, isDistribution, hasLinear = false }: InferenceGraphOptions,
  ): Promise<InferenceGraph> {
    const spaces = SPACES.filter((space) => shape.nTags[space] !== undefined);
    const g = new Graph();
    const bag = g.input('bag', 'float32', ['batch', shape.nDims]);
    const vectors = shape.nVectorDims > 0 && g.input('vectors', 'float32', ['batch', shape.nVectorDims]);
    const stems = g.input('stems', 'int32', ['batch', 'stem_width']);
    const linear = hasLinear && g.input('linear', 'float32', ['batch', nAllTags(shape)]);
    const k = g.input('k', 'int64', [1]);
    const dense: Record<string, Tensor> = {};
    for (const [name, dims] of Object.entries(denseShapes(shape)))
      dense[name] = g.input(name, 'float32', dims);
    const logits = trainedLogits(
      g,
      { bag, stems, dense, ...(vectors && { vectors }), ...(linear && { linear }) },
      shape,
    );
    for (const space of spaces) outputTopTags(g, space, { logits: logits[space]!, k, isDistribution });
    return new InferenceGraph(shape, spaces, await openSession(g.toBytes(), { threads }));
  }

  async topTags(
    { bags, vectors }: JudgedItems,
    { embedding, dense, linear }: NetworkParameters,
    topK: number,
  ): Promise<Partial<Record<Space, TopTags>>> {
    const { shape, spaces, session } = this;
    const { nDims, nVectorDims } = shape;
    const fixed: Record<string, ort.Tensor> = {
      k: new ort.Tensor('int64', BigInt64Array.of(BigInt(topK)), [1]),
    };
    const shapes = denseShapes(shape);
    for (const [name, values] of Object.entries(dense))
      fixed[name] = new ort.Tensor('float32', values, shapes[name]);
    const results: Partial<Record<Space, TopTags>> = {};
    for (const space of spaces) {
      const k = Math.min(topK, shape.nTags[space]!);
      results[space] = {
        k,
        logits: new Float32Array(bags.length * k),
        columns: new Int32Array(bags.length * k),
      };
    }
    for (let start = 0; start < bags.length; start += ROWS_PER_RUN) {
      const rows = bags.slice(start, start + ROWS_PER_RUN);
      const nRows = rows.length;
      const { stemWidth, stems } = padStems(rows, shape.nStems);
      const feeds: Record<string, ort.Tensor> = {
        ...fixed,
        bag: new ort.Tensor('float32', sumBags(rows, embedding, nDims), [nRows, nDims]),
        stems: new ort.Tensor('int32', stems, [nRows, stemWidth]),
      };
      if (linear !== undefined) {
        const n = nAllTags(shape);
        feeds['linear'] = new ort.Tensor('float32', sumBags(rows, linear, n), [nRows, n]);
      }
      if (nVectorDims > 0) {
        const own = vectors.subarray(start * nVectorDims, (start + nRows) * nVectorDims);
        feeds['vectors'] = new ort.Tensor('float32', own, [nRows, nVectorDims]);
      }
      const out = await session.run(feeds);
      for (const space of spaces) {
        const { k, logits, columns } = results[space]!;
        logits.set(out[`${space}_logits`]!.data as Float32Array, start * k);
        columns.set(out[`${space}_indices`]!.data as Int32Array, start * k);
      }
    }
    return results;
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

/** Add up the rows of each bag by weight, shape [bags.length, nDims]. */
function sumBags(bags: readonly Bag[], embedding: Float32Array, nDims: number): Float32Array {
  const sums = new Float32Array(bags.length * nDims);
  bags.forEach(({ ids, weights }, row) => {
    for (let i = 0; i < ids.length; i++) {
      const from = ids[i]! * nDims;
      const weight = weights[i]!;
      for (let d = 0; d < nDims; d++) sums[row * nDims + d]! += weight * embedding[from + d]!;
    }
  });
  return sums;
}

export interface TopTagsInputs {
  /** shape [batch, nTags] */
  readonly logits: Tensor;
  /** int64, shape [1] */
  readonly k: Tensor;
  /** Whether a logit is the log of a share among all tags, so that log-softmax is what training saw. */
  readonly isDistribution: boolean;
}

/** Append outputs `<space>_logits` and `<space>_indices`: the k best tags, shape [batch, min(k, nTags)]. */
export function outputTopTags(g: Graph, space: Space, { logits, k, isDistribution }: TopTagsInputs): void {
  const nTags = logits.shape[1] as number;
  const most = g.constant(BigInt64Array.of(BigInt(nTags)), [1]);
  const [atMost] = g.node('Min', [k, most], [{ type: 'int64', shape: [1] }]);
  const best = ops.topK(g, isDistribution ? ops.logSoftmax(g, logits) : logits, atMost!);
  g.output(`${space}_logits`, best.values);
  g.output(`${space}_indices`, ops.cast(g, best.indices, 'int32'));
}
