/** What of a text's token vectors becomes its vector: their mean, or the first. */
export type Pooling = 'mean' | 'cls';

/**
 * Pool the token vectors of a padded batch into one vector a text, of Euclidean length 1; a zero vector stays zero.
 *
 * @param hidden shape [lengths.length, width, nDims]
 * @param lengths tokens of each text; those after them are padding
 * @returns shape [lengths.length, nDims]
 */
export function poolTokens(
  hidden: Float32Array,
  lengths: readonly number[],
  { width, nDims, pooling }: { readonly width: number; readonly nDims: number; readonly pooling: Pooling },
): Float32Array {
  const pooled = new Float32Array(lengths.length * nDims);
  const sum = new Float64Array(nDims);
  lengths.forEach((length, row) => {
    sum.fill(0);
    const nTokens = pooling === 'mean' ? length : Math.min(1, length);
    for (let token = 0; token < nTokens; token++) {
      const start = (row * width + token) * nDims;
      for (let dim = 0; dim < nDims; dim++) sum[dim]! += hidden[start + dim]!;
    }
    let squares = 0;
    for (let dim = 0; dim < nDims; dim++) squares += sum[dim]! * sum[dim]!;
    const scale = 1 / (Math.sqrt(squares) || 1);
    for (let dim = 0; dim < nDims; dim++) pooled[row * nDims + dim] = sum[dim]! * scale;
  });
  return pooled;
}
