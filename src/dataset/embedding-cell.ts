import type { RowPlace } from './row-problems.js';
import { show } from './show.js';

/**
 * Read a given vector: a list of numbers, or one as JSON text, as a cell of CSV has it.
 *
 * A vector of zeros is kept: it has no direction, and says nothing about its item.
 *
 * @returns float32 numbers; null for no cell; or what is wrong
 */
export function parseEmbedding(column: string, cell: unknown): Float32Array | null | string {
  if (cell === undefined || cell === null) return null;
  const list = typeof cell === 'string' ? parseJson(cell) : cell;
  if (!Array.isArray(list)) return `"${column}" should be a list of numbers, found ${show(cell)}`;
  if (list.length === 0) return `"${column}" is an empty list`;
  const vector = new Float32Array(list.length); // [nDims]
  for (const [i, value] of (list as unknown[]).entries()) {
    if (typeof value !== 'number') return `"${column}"[${i}] should be a number, found ${show(value)}`;
    vector[i] = value;
    if (!Number.isFinite(vector[i])) return `"${column}"[${i}] is ${value}, no finite float32 number`;
  }
  return vector;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Holds every vector to the length of the first one. */
export class VectorLength {
  private first: { readonly nDims: number; readonly where: string } | undefined;

  /** The length that was set, or undefined before the first vector. */
  get nDims(): number | undefined {
    return this.first?.nDims;
  }

  /** Say what is wrong with a vector of another length, with both lengths and where the first stands. */
  check(column: string, vector: Float32Array, { line, row }: RowPlace): string | undefined {
    if (this.first === undefined) {
      const where = line === undefined ? `row ${row ?? 0}` : `line ${line}`;
      this.first = { nDims: vector.length, where };
    }
    const { nDims, where } = this.first;
    if (vector.length === nDims) return undefined;
    return `"${column}" has ${vector.length} numbers, that of ${where} has ${nDims}`;
  }
}
