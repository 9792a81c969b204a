import type { GivenVectors } from './labelled-items.js';

const ROWS_PER_BLOCK = 4096;

/** Gathers vectors whose number is not known, in blocks, so that none is moved until the end. */
export class VectorRows {
  private readonly blocks: Float32Array[] = [];
  private readonly isGiven: number[] = [];

  /** @param nMissing items before the first that has a vector */
  constructor(
    readonly nDims: number,
    nMissing = 0,
  ) {
    for (let i = 0; i < nMissing; i++) this.push(undefined);
  }

  /** @param vector shape [nDims]; undefined for an item that has none */
  push(vector: Float32Array | undefined): void {
    const place = this.isGiven.length % ROWS_PER_BLOCK;
    if (place === 0) this.blocks.push(new Float32Array(ROWS_PER_BLOCK * this.nDims));
    if (vector !== undefined) this.blocks.at(-1)!.set(vector, place * this.nDims);
    this.isGiven.push(vector === undefined ? 0 : 1);
  }

  finish(): GivenVectors {
    const size = this.isGiven.length * this.nDims;
    const values = new Float32Array(size); // [n, nDims]
    this.blocks.forEach((block, i) => {
      const start = i * block.length;
      values.set(block.subarray(0, Math.min(block.length, size - start)), start);
    });
    return { nDims: this.nDims, values, isGiven: Uint8Array.from(this.isGiven) };
  }
}
