/** Two rows whose vectors are near. */
export interface NearPair {
  /** The earlier row. */
  readonly a: number;
  readonly b: number;
  readonly similarity: number;
}

const HEAD_DIMS = 96; // enough to rule out most pairs
const BLOCK = 4;
const ROUNDING = 1e-6;

/**
 * List all pairs of rows whose dot product is at least `floor`, by rows; exact, in O(n²) time.
 *
 * A pair is left after its first dimensions where the rest cannot bring it up to the floor (Cauchy and Schwarz).
 *
 * @param vectors shape [n, nDims], each of length 1 or 0
 */
export function* nearPairs(
  vectors: Float32Array,
  { nDims, floor }: { readonly nDims: number; readonly floor: number },
): Generator<NearPair> {
  const n = vectors.length / nDims;
  const nHead = Math.min(HEAD_DIMS, nDims);
  const heads = new Float64Array(n * nHead); // [n, nHead]
  const rests = new Float64Array(n); // [n], length of what the head leaves out
  for (let row = 0; row < n; row++) {
    for (let d = 0; d < nHead; d++) heads[row * nHead + d] = vectors[row * nDims + d]!;
    let squares = 0;
    for (let d = nHead; d < nDims; d++) squares += vectors[row * nDims + d]! ** 2;
    rests[row] = Math.sqrt(squares);
  }
  const sums = new Float64Array(BLOCK);
  for (let a = 0; a < n; a++) {
    for (let start = a + 1; start < n; start += BLOCK) {
      const end = Math.min(start + BLOCK, n);
      if (end - start === BLOCK) fourDots(heads, { a, b: start, nDims: nHead, sums });
      else
        for (let b = start; b < end; b++)
          sums[b - start] = dot(heads, { a, b, from: 0, to: nHead, stride: nHead });
      for (let b = start; b < end; b++) {
        const head = sums[b - start]!;
        if (head + rests[a]! * rests[b]! < floor - ROUNDING) continue;
        const similarity = head + dot(vectors, { a, b, from: nHead, to: nDims, stride: nDims });
        if (similarity >= floor) yield { a, b, similarity };
      }
    }
  }
}

interface DotRange {
  readonly a: number;
  readonly b: number;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

function dot(rows: Float32Array | Float64Array, { a, b, from, to, stride }: DotRange): number {
  let sum = 0;
  for (let d = from; d < to; d++) sum += rows[a * stride + d]! * rows[b * stride + d]!;
  return sum;
}

function fourDots(
  rows: Float64Array,
  {
    a,
    b,
    nDims,
    sums,
  }: { readonly a: number; readonly b: number; readonly nDims: number; readonly sums: Float64Array },
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const from = a * nDims;
  const b0 = b * nDims;
  const b1 = b0 + nDims;
  const b2 = b1 + nDims;
  const b3 = b2 + nDims;
  for (let d = 0; d < nDims; d++) {
    const value = rows[from + d]!;
    s0 += value * rows[b0 + d]!;
    s1 += value * rows[b1 + d]!;
    s2 += value * rows[b2 + d]!;
    s3 += value * rows[b3 + d]!;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}
