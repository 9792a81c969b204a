import * as ort from 'onnxruntime-node';
import { SPACES, type Space } from '../src/core/space.js';
import { gradients } from '../src/onnx/gradients.js';
import { Graph, type Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';
import { openSession } from '../src/runtime/session.js';
import { spaceLoss, type LossOptions } from './losses.js';
import { denseShapes, trainedLogits, type NetworkShape } from './network.js';

/** One batch as the training graph reads it. */
export interface TrainingBatch {
  readonly nRows: number;
  /** shape [nRows, nDims], summed bags */
  readonly bag: Float32Array;
  /** shape [nRows, nVectorDims] */
  readonly vectors: Float32Array;
  readonly stemWidth: number;
  /** shape [nRows, stemWidth] */
  readonly stems: Int32Array;
  /** shape [nRows, nTags] a space; see {@link spaceLoss} */
  readonly targets: Readonly<Partial<Record<Space, Float32Array>>>;
}

/** Where a step leaves its gradients. */
export interface GradientArrays {
  /** shape [nRows, nDims] */
  readonly bag: Float32Array;
  readonly dense: Readonly<Record<string, Float32Array>>;
}

/**
 * The forward and backward pass of a student as one ONNX graph, run by onnxruntime.
 *
 * The loss is the mean over rows; the spaces' losses are added.
 */
export class TrainingGraph {
  private readonly shapes: Readonly<Record<string, number[]>>;

  private constructor(
    private readonly shape: NetworkShape,
    private readonly spaces: readonly Space[],
    private readonly session: ort.InferenceSession,
  ) {
    this.shapes = denseShapes(shape);
  }

  static async build(
    shape: NetworkShape,
    { threads, ...lossOptions }: LossOptions & { readonly threads: number },
  ): Promise<TrainingGraph> {
    const spaces = SPACES.filter((space) => shape.nTags[space] !== undefined);
    const g = new Graph();
    const bag = g.input('bag', 'float32', ['batch', shape.nDims]);
    const vectors = shape.nVectorDims > 0 && g.input('vectors', 'float32', ['batch', shape.nVectorDims]);
    const stems = g.input('stems', 'int32', ['batch', 'stem_width']);
    const perRow = g.input('per_row', 'float32', [1, 1]); // 1 / nRows
    const dense: Record<string, Tensor> = {};
    for (const [name, dims] of Object.entries(denseShapes(shape)))
      dense[name] = g.input(name, 'float32', dims);
    const logits = trainedLogits(g, { bag, stems, dense, ...(vectors && { vectors }) }, shape);
    let total: Tensor | undefined;
    for (const space of spaces) {
      const targets = g.input(`${space}_targets`, 'float32', ['batch', shape.nTags[space]!]);
      const loss = spaceLoss(g, logits[space]!, targets, lossOptions);
      total = total === undefined ? loss : ops.add(g, total, loss);
    }
    const loss = ops.mul(g, total!, perRow);
    const wrt = [bag, ...Object.values(dense)];
    gradients(g, loss, wrt).forEach((d, i) => g.output(`d_${wrt[i]!.name}`, d));
    g.output('loss', loss);
    return new TrainingGraph(shape, spaces, await openSession(g.toBytes(), { threads }));
  }

  /** Run one step: gradients go into the arrays given, the loss comes back. */
  async step(
    batch: TrainingBatch,
    dense: Readonly<Record<string, Float32Array>>,
    into: GradientArrays,
  ): Promise<number> {
    const { shape, shapes } = this;
    const { nRows } = batch;
    const feeds: Record<string, ort.Tensor> = {
      bag: new ort.Tensor('float32', batch.bag, [nRows, shape.nDims]),
      stems: new ort.Tensor('int32', batch.stems, [nRows, batch.stemWidth]),
      per_row: new ort.Tensor('float32', Float32Array.of(1 / nRows), [1, 1]),
    };
    if (shape.nVectorDims > 0)
      feeds['vectors'] = new ort.Tensor('float32', batch.vectors, [nRows, shape.nVectorDims]);
    const loss = new ort.Tensor('float32', new Float32Array(1), [1, 1]);
    const fetches: Record<string, ort.Tensor> = {
      loss,
      d_bag: new ort.Tensor('float32', into.bag, [nRows, shape.nDims]),
    };
    for (const [name, values] of Object.entries(dense)) {
      feeds[name] = new ort.Tensor('float32', values, shapes[name]);
      fetches[`d_${name}`] = new ort.Tensor('float32', into.dense[name]!, shapes[name]);
    }
    for (const space of this.spaces) {
      const dims = [nRows, shape.nTags[space]!];
      feeds[`${space}_targets`] = new ort.Tensor('float32', batch.targets[space]!, dims);
    }
    await this.session.run(feeds, fetches);
    return loss.data[0] as number;
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
