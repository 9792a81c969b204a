import * as ort from 'onnxruntime-node';
import { SPACES, type Space } from '../src/core/space.js';
import { padBags, type Bag } from '../src/features/bag-encoder.js';
import { Graph, type Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';
import { openSession } from '../src/runtime/session.js';
import { denseShapes, embedBag, tagLogits, type NetworkParameters, type NetworkShape } from './network.js';

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

/** Runs a network whose parameters still change: they are inputs here, where the export has them inside. */
export class InferenceGraph {
  private constructor(
    private readonly shape: NetworkShape,
    private readonly spaces: readonly Space[],
    private readonly session: ort.InferenceSession,
  ) {}

  static async build(
    shape: NetworkShape,
    { threads }: { readonly threads: number },
  ): Promise<InferenceGraph> {
    const spaces = SPACES.filter((space) => shape.nTags[space] !== undefined);
    const g = new Graph();
    const ids = g.input('ids', 'int32', ['batch', 'width']);
    const weights = g.input('weights', 'float32', ['batch', 'width']);
    const stems = g.input('stems', 'int32', ['batch', 'stem_width']);
    const k = g.input('k', 'int64', [1]);
    const embedding = g.input('embedding', 'float32', [shape.nFeatures, shape.nDims]);
    const dense: Record<string, Tensor> = {};
    for (const [name, dims] of Object.entries(denseShapes(shape)))
      dense[name] = g.input(name, 'float32', dims);
    outputTopTags(g, shape, { ids, weights, stems, k, embedding, dense });
    return new InferenceGraph(shape, spaces, await openSession(g.toBytes(), { threads }));
  }

  async topTags(
    bags: readonly Bag[],
    { embedding, dense }: NetworkParameters,
    topK: number,
  ): Promise<Partial<Record<Space, TopTags>>> {
    const { shape, spaces, session } = this;
    const fixed: Record<string, ort.Tensor> = {
      embedding: new ort.Tensor('float32', embedding, [shape.nFeatures, shape.nDims]),
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
      const batch = padBags(bags.slice(start, start + ROWS_PER_RUN), shape.nStems);
      const dims = [batch.nRows, batch.width];
      const out = await session.run({
        ...fixed,
        ids: new ort.Tensor('int32', batch.ids, dims),
        weights: new ort.Tensor('float32', batch.weights, dims),
        stems: new ort.Tensor('int32', batch.stems, [batch.nRows, batch.stemWidth]),
      });
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

/** Tensors that a scoring graph reads. */
interface ScoringInputs {
  readonly ids: Tensor;
  readonly weights: Tensor;
  readonly stems: Tensor;
  readonly k: Tensor;
  readonly embedding: Tensor;
  readonly dense: Readonly<Record<string, Tensor>>;
}

/**
 * Append the path from features to the best tags a space, named `<space>_logits` and `<space>_indices`.
 *
 * The logits are log-softmax values: how likely one draw from the item's tags is this tag.
 */
export function outputTopTags(g: Graph, shape: NetworkShape, inputs: ScoringInputs): void {
  const { nTags } = shape;
  const spaces = SPACES.filter((space) => nTags[space] !== undefined);
  const bag = embedBag(g, inputs.embedding, inputs.ids, inputs.weights);
  const logits = tagLogits(g, { bag, stems: inputs.stems, dense: inputs.dense }, shape);
  for (const space of spaces) {
    const most = g.constant(BigInt64Array.of(BigInt(nTags[space]!)), [1]);
    const [k] = g.node('Min', [inputs.k, most], [{ type: 'int64', shape: [1] }]);
    const best = ops.topK(g, ops.logSoftmax(g, logits[space]!), k!);
    g.output(`${space}_logits`, best.values);
    g.output(`${space}_indices`, ops.cast(g, best.indices, 'int32'));
  }
}
