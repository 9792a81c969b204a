/** Eigenvalues, largest first, and their unit vectors. */
export interface Eigen {
  /** shape [n] */
  readonly values: Float64Array;
  /** shape [n, n], one vector a row */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 50;

/**
 * Find the eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations.
 *
 * Deterministic; some 10 sweeps of n^2 / 2 rotations. Stops when the parts off the diagonal are 1e-12 of the whole.
 *
 * @param matrix shape [n, n]; it is read only
 * @param onSweep called after each sweep, and may throw to stop
 * @see Golub & Van Loan, Matrix Computations, 8.5
 */
export function symmetricEigen(matrix: Float64Array, n: number, onSweep?: (sweep: number) => void): Eigen {
  const a = Float64Array.from(matrix); // [n, n]
  const v = new Float64Array(n * n); // [n, n], one vector a row
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const norm = squaredNorm(a);
  for (let sweep = 1; sweep <= MAX_SWEEPS && offDiagonal(a, n) > 1e-24 * norm; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
    onSweep?.(sweep);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]! || i - j);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(v.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors };
}

/** Turn the plane of p and q so that a[p, q] becomes 0. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turnRows(a, n, p, q, c, s);
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p]!;
    const kq = a[k * n + q]!;
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  a[p * n + q] = a[q * n + p] = 0;
  turnRows(v, n, p, q, c, s);
}

function turnRows(m: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const pk = m[p * n + k]!;
    const qk = m[q * n + k]!;
    m[p * n + k] = c * pk - s * qk;
    m[q * n + k] = s * pk + c * qk;
  }
}

function squaredNorm(a: Float64Array): number {
  let sum = 0;
  for (const value of a) sum += value * value;
  return sum;
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += 2 * a[i * n + j]! ** 2;
  return sum;
}
