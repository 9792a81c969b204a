import * as ort from 'onnxruntime-node';
import { SPACES, type Space } from '../src/core/space.js';
import { gradients } from '../src/onnx/gradients.js';
import { Graph, type Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';
import { openSession } from '../src/runtime/session.js';
import { denseShapes, tagLogits, type NetworkParameters, type NetworkShape } from './network.js';

/** One batch as the training graph reads it. */
export interface TrainingBatch {
  readonly nRows: number;
  /** shape [nRows, nDims], summed bags */
  readonly bag: Float32Array;
  readonly stemWidth: number;
  /** shape [nRows, stemWidth] */
  readonly stems: Int32Array;
  /** shape [nRows, nTags] a space: how much of the row's label mass each tag has */
  readonly targets: Readonly<Partial<Record<Space, Float32Array>>>;
}

export interface TrainingStep {
  readonly loss: number;
  /** shape [nRows, nDims] */
  readonly dBag: Float32Array;
  readonly dDense: Readonly<Record<string, Float32Array>>;
}

/**
 * The forward and backward pass of a student as one ONNX graph, run by onnxruntime.
 *
 * Loss a space: mean over rows of the cross-entropy between the row's target distribution and the softmax over
 * all tags; the spaces' losses are added.
 */
export class TrainingGraph {
  private constructor(
    private readonly shape: NetworkShape,
    private readonly spaces: readonly Space[],
    private readonly session: ort.InferenceSession,
  ) {}

  static async build(shape: NetworkShape, { threads }: { readonly threads: number }): Promise<TrainingGraph> {
    const spaces = SPACES.filter((space) => shape.nTags[space] !== undefined);
    const g = new Graph();
    const bag = g.input('bag', 'float32', ['batch', shape.nDims]);
    const stems = g.input('stems', 'int32', ['batch', 'stem_width']);
    const perRow = g.input('per_row', 'float32', [1, 1]); // 1 / nRows
    const dense: Record<string, Tensor> = {};
    for (const [name, dims] of Object.entries(denseShapes(shape)))
      dense[name] = g.input(name, 'float32', dims);
    const logits = tagLogits(g, { bag, stems, dense }, shape);
    let loss: Tensor | undefined;
    for (const space of spaces) {
      const targets = g.input(`${space}_targets`, 'float32', ['batch', shape.nTags[space]!]);
      const weighted = ops.mul(g, targets, ops.logSoftmax(g, logits[space]!));
      const spaceLoss = ops.mul(g, ops.neg(g, ops.reduceSum(g, weighted, [0, 1])), perRow);
      loss = loss === undefined ? spaceLoss : ops.add(g, loss, spaceLoss);
    }
    const wrt = [bag, ...Object.values(dense)];
    gradients(g, loss!, wrt).forEach((d, i) => g.output(`d_${wrt[i]!.name}`, d));
    g.output('loss', loss!);
    return new TrainingGraph(shape, spaces, await openSession(g.toBytes(), { threads }));
  }

  async step(batch: TrainingBatch, { dense }: NetworkParameters): Promise<TrainingStep> {
    const feeds: Record<string, ort.Tensor> = {
      bag: new ort.Tensor('float32', batch.bag, [batch.nRows, this.shape.nDims]),
      stems: new ort.Tensor('int32', batch.stems, [batch.nRows, batch.stemWidth]),
      per_row: new ort.Tensor('float32', Float32Array.of(1 / batch.nRows), [1, 1]),
    };
    const shapes = denseShapes(this.shape);
    for (const [name, values] of Object.entries(dense))
      feeds[name] = new ort.Tensor('float32', values, shapes[name]);
    for (const space of this.spaces) {
      const dims = [batch.nRows, this.shape.nTags[space]!];
      feeds[`${space}_targets`] = new ort.Tensor('float32', batch.targets[space]!, dims);
    }
    const out = await this.session.run(feeds);
    const data = (name: string): Float32Array => out[name]!.data as Float32Array;
    return {
      loss: data('loss')[0]!,
      dBag: data('d_bag'),
      dDense: Object.fromEntries(Object.keys(dense).map((name) => [name, data(`d_${name}`)])),
    };
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
