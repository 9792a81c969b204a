import { readFile } from 'node:fs/promises';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { packagePath } from '../../src/core/package-info.js';

const PAGE_BYTES = 65_536;
const MAX_BYTES = 65_536 * PAGE_BYTES; // 4 GiB, what 32-bit addresses reach
const ALIGNMENT = 16;

/** The compiled functions of assembly/kernel.ts; pointers are byte offsets into the memory. */
interface KernelExports {
  adam(...args: number[]): void;
  bagForward(...args: number[]): number;
  bagBackward(...args: number[]): number;
  adamRows(...args: number[]): void;
  adagradRows(...args: number[]): void;
  dualStep(...args: number[]): number;
}

/** Parameters and their Adam state, all of one length, in the kernel's memory. */
export interface AdamArrays {
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

export interface AdamOptions {
  readonly learningRate: number;
  /** Counts from 1. */
  readonly step: number;
  readonly meanDecay?: number;
  readonly squareDecay?: number;
  readonly epsilon?: number;
  /** Share of a value, times the learning rate, that each step takes away (decoupled, as in AdamW). */
  readonly weightDecay?: number;
}

/**
 * Float32 arithmetic on one WebAssembly memory, with SIMD: the optimisers, and bags of embeddings.
 *
 * The memory is not shared and never grows, so views on it stay valid and onnxruntime-node takes them as inputs and
 * as preallocated outputs. The system hands out its pages when they are first written.
 */
export class Kernel {
  private nextByte = ALIGNMENT;

  private constructor(
    private readonly buffer: ArrayBuffer,
    /** @internal */
    readonly functions: KernelExports,
  ) {}

  /**
   * Reserve a memory and load the compiled kernel.
   *
   * @param options.bytes what all arrays will take; {@link bytesOf} adds them up
   * @throws TagdistillError `E_BAD_OPTION` if `bytes` is no positive number, `E_OUT_OF_MEMORY` above 4 GiB or when
   *   the system refuses, `E_FILE_MISSING` if the kernel was not built
   */
  static async create({ bytes }: { readonly bytes: number }): Promise<Kernel> {
    if (!(bytes > 0)) throw new TagdistillError('E_BAD_OPTION', `bytes must be positive, found ${bytes}`);
    const nPages = Math.ceil((bytes + ALIGNMENT) / PAGE_BYTES);
    const memory = reserve(nPages);
    const code = await readKernel();
    const { instance } = await wasm.instantiate(code, { env: { memory } });
    return new Kernel(memory.buffer, instance.exports);
  }

  /**
   * Take n zeros from the memory. There is no way to give them back but dropping the kernel.
   *
   * @throws TagdistillError `E_OUT_OF_MEMORY` if the bytes stated at creation are used up
   */
  float32(n: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer, this.take(n), n);
  }

  /** Take n zeros from the memory; see {@link float32}. */
  int32(n: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.buffer, this.take(n), n);
  }

  /**
   * Update values in place with one step of Adam, bias-corrected.
   *
   * @throws TagdistillError `E_BAD_INPUT` if an array is not in this kernel's memory or the lengths differ
   * @see Kingma & Ba 2015; Loshchilov & Hutter 2019 for the weight decay
   */
  adam({ values, gradient, mean, square }: AdamArrays, options: AdamOptions): void {
    const n = values.length;
    const pointers = [values, gradient, mean, square].map((array) => this.pointer(array, n));
    const { rate, epsilon, keep, newMean, newSquare } = adamFactors(options);
    this.functions.adam(...pointers, n, rate, epsilon, keep, newMean, newSquare);
  }

  /** @internal The byte offset of an array of this memory that has n numbers. */
  pointer(array: Float32Array | Int32Array, n: number): number {
    if (array.buffer !== this.buffer || array.length !== n) {
      throw new TagdistillError(
        'E_BAD_INPUT',
        `the kernel wants ${n} numbers in its own memory, found ${array.length}${array.buffer === this.buffer ? '' : ' elsewhere'}`,
      );
    }
    return array.byteOffset;
  }

  private take(n: number): number {
    const start = this.nextByte;
    const end = start + bytesOf(n);
    if (end > this.buffer.byteLength) {
      throw new TagdistillError(
        'E_OUT_OF_MEMORY',
        `${n} numbers do not fit into the kernel's memory: ${start} of ${this.buffer.byteLength} bytes are taken`,
        { hint: 'State more bytes when creating the kernel.' },
      );
    }
    this.nextByte = end;
    return start;
  }
}

/** Bytes that arrays of these lengths take in a kernel. */
export function bytesOf(...lengths: readonly number[]): number {
  return lengths.reduce((sum, n) => sum + Math.ceil((n * 4) / ALIGNMENT) * ALIGNMENT, 0);
}

/** @internal Adam's factors for one step, with the bias correction worked in. */
export function adamFactors({
  learningRate,
  step,
  meanDecay = 0.9,
  squareDecay = 0.99,
  epsilon = 1e-8,
  weightDecay = 0,
}: AdamOptions): Record<'rate' | 'epsilon' | 'keep' | 'newMean' | 'newSquare', number> {
  const correction = Math.sqrt(1 - squareDecay ** step);
  return {
    rate: (learningRate * correction) / (1 - meanDecay ** step),
    epsilon: epsilon * correction,
    keep: 1 - learningRate * weightDecay,
    newMean: 1 - meanDecay,
    newSquare: 1 - squareDecay,
  };
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

// The build has no DOM types, where TypeScript keeps those of WebAssembly.
const wasm = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
interface WasmApi {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  instantiate(
    code: Uint8Array,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ): Promise<{ readonly instance: { readonly exports: KernelExports } }>;
}

function reserve(nPages: number): WasmMemory {
  const hint = 'Train with fewer dimensions or features.';
  if (nPages * PAGE_BYTES > MAX_BYTES) {
    throw new TagdistillError(
      'E_OUT_OF_MEMORY',
      `training would need ${gigabytes(nPages * PAGE_BYTES)} of parameters and state, more than ${gigabytes(MAX_BYTES)}`,
      { hint },
    );
  }
  try {
    return new wasm.Memory({ initial: nPages, maximum: nPages });
  } catch (cause) {
    throw new TagdistillError(
      'E_OUT_OF_MEMORY',
      `the system refused ${gigabytes(nPages * PAGE_BYTES)} for training: ${messageOf(cause)}`,
      { hint, cause },
    );
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

async function readKernel(): Promise<Uint8Array> {
  const file = packagePath('dist', 'student', 'kernel', 'kernel.wasm');
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TagdistillError('E_FILE_MISSING', `cannot read the training kernel: ${messageOf(cause)}`, {
      file,
      hint: 'Run `npm run build` in the sources, or install the package again.',
      cause,
    });
  }
}
