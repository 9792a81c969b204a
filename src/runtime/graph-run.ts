import type * as ort from 'onnxruntime-node';
import type { BundleManifest } from '../bundle/manifest.js';
import type { Space } from '../core/space.js';

/** What one run of a student's graph gave, by space. */
export class GraphRun {
  constructor(
    readonly nRows: number,
    private readonly outputs: BundleManifest['model']['outputs'],
    private readonly results: ort.InferenceSession.OnnxValueMapType,
  ) {}

  /** shape [nRows, k], best first */
  logits(space: Space): Float32Array {
    return this.numbers(this.outputs[space]!.logits);
  }

  /** shape [nRows, k] */
  columns(space: Space): Int32Array {
    return this.results[this.outputs[space]!.indices]!.data as Int32Array;
  }

  /** The item embedding of a row, shape [nDims]. */
  embeddingOf(space: Space, row: number): Float32Array {
    return this.rowOf(this.outputs[space]!.embedding, row);
  }

  /** The column that the text of a row would have as a tag, shape [nDims]. */
  columnOf(space: Space, row: number): Float32Array {
    return this.rowOf(this.outputs[space]!.column, row);
  }

  /** The logarithm of the sum over all tags that turns a row's logits into shares; undefined where they are none. */
  logNormOf(space: Space, row: number): number | undefined {
    const name = this.outputs[space]!.logNorm;
    return name === undefined ? undefined : this.numbers(name)[row]!;
  }

  private rowOf(name: string, row: number): Float32Array {
    const all = this.numbers(name);
    const width = all.length / this.nRows;
    return all.subarray(row * width, (row + 1) * width);
  }

  private numbers(name: string): Float32Array {
    return this.results[name]!.data as Float32Array;
  }
}
