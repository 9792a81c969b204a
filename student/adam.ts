/** Adam's state for one array of parameters. */
export interface AdamState {
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

export interface AdamStep {
  readonly learningRate: number;
  /** Counts from 1. */
  readonly step: number;
}

const BETA_MEAN = 0.9;
const BETA_SQUARE = 0.99;
const EPSILON = 1e-8;

export function adamState(length: number): AdamState {
  return { mean: new Float32Array(length), square: new Float32Array(length) };
}

/** Update parameters in place from their gradient; with `rows`, only those rows of `width` (lazy Adam). */
export function adamUpdate(
  values: Float32Array,
  gradient: Float32Array,
  { mean, square }: AdamState,
  { learningRate, step }: AdamStep,
  rows?: { readonly touched: ArrayLike<number>; readonly width: number },
): void {
  const rate = (learningRate * Math.sqrt(1 - BETA_SQUARE ** step)) / (1 - BETA_MEAN ** step);
  const updateRange = (start: number, end: number): void => {
    for (let i = start; i < end; i++) {
      const g = gradient[i]!;
      const m = (mean[i]! += (1 - BETA_MEAN) * (g - mean[i]!));
      const s = (square[i]! += (1 - BETA_SQUARE) * (g * g - square[i]!));
      values[i]! -= (rate * m) / (Math.sqrt(s) + EPSILON);
    }
  };
  if (rows === undefined) {
    updateRange(0, values.length);
    return;
  }
  for (let i = 0; i < rows.touched.length; i++) {
    const start = rows.touched[i]! * rows.width;
    updateRange(start, start + rows.width);
  }
}
