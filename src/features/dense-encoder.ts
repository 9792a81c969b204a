export interface EncodeOptions {
  readonly signal?: AbortSignal;
}

/** Turns texts into vectors of one length, each the same whatever texts stand beside it. */
export interface DenseEncoder {
  readonly name: string;
  readonly nDims: number;
  /** A hash of all that the vectors depend on: weights, tokeniser, settings. */
  readonly fingerprint: string;
  /** @returns shape [texts.length, nDims], each row of Euclidean length 1 */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array>;
  close(): Promise<void>;
}
