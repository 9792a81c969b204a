// AssemblyScript, compiled to WebAssembly with SIMD by `npm run build:kernel`. Pointers are byte offsets into the
// one imported memory; lengths count numbers. The caller (../kernel.ts) checks sizes, this file checks ids.

const LANES: i32 = 4;
const BYTES: usize = 4;
/** Fewer numbers than one in so many are updated one by one, not a whole row by vectors. */
const SPARSE_BELOW: i32 = 6;

/** target[i] += scale * source[i] */
function addScaled(target: usize, source: usize, scale: f32, n: i32): void {
  const scales = f32x4.splat(scale);
  const nVector = n - (n % LANES);
  let i: i32 = 0;
  for (; i < nVector; i += LANES) {
    const at = <usize>i * BYTES;
    const sum = f32x4.add(v128.load(target + at), f32x4.mul(scales, v128.load(source + at)));
    v128.store(target + at, sum);
  }
  for (; i < n; i++) {
    const at = <usize>i * BYTES;
    store<f32>(target + at, load<f32>(target + at) + scale * load<f32>(source + at));
  }
}

function sumOfSquares(values: usize, n: i32): f32 {
  const nVector = n - (n % LANES);
  let sums = f32x4.splat(0);
  let i: i32 = 0;
  for (; i < nVector; i += LANES) {
    const v = v128.load(values + <usize>i * BYTES);
    sums = f32x4.add(sums, f32x4.mul(v, v));
  }
  let sum =
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    f32x4.extract_lane(sums, 2) +
    f32x4.extract_lane(sums, 3);
  for (; i < n; i++) {
    const v = load<f32>(values + <usize>i * BYTES);
    sum += v * v;
  }
  return sum;
}

/** Adam for n numbers; rate and epsilon carry the bias correction, keep is 1 - learning rate * weight decay. */
export function adam(
  values: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  n: i32,
  rate: f32,
  epsilon: f32,
  keep: f32,
  newMean: f32,
  newSquare: f32,
): void {
  const rates = f32x4.splat(rate);
  const epsilons = f32x4.splat(epsilon);
  const keeps = f32x4.splat(keep);
  const newMeans = f32x4.splat(newMean);
  const newSquares = f32x4.splat(newSquare);
  const nVector = n - (n % LANES);
  let i: i32 = 0;
  for (; i < nVector; i += LANES) {
    const at = <usize>i * BYTES;
    const g = v128.load(gradient + at);
    let m = v128.load(mean + at);
    let s = v128.load(square + at);
    m = f32x4.add(m, f32x4.mul(newMeans, f32x4.sub(g, m)));
    s = f32x4.add(s, f32x4.mul(newSquares, f32x4.sub(f32x4.mul(g, g), s)));
    v128.store(mean + at, m);
    v128.store(square + at, s);
    const step = f32x4.div(f32x4.mul(rates, m), f32x4.add(f32x4.sqrt(s), epsilons));
    v128.store(values + at, f32x4.sub(f32x4.mul(keeps, v128.load(values + at)), step));
  }
  for (; i < n; i++) {
    const at = <usize>i * BYTES;
    const g = load<f32>(gradient + at);
    let m = load<f32>(mean + at);
    let s = load<f32>(square + at);
    m += newMean * (g - m);
    s += newSquare * (g * g - s);
    store<f32>(mean + at, m);
    store<f32>(square + at, s);
    store<f32>(values + at, keep * load<f32>(values + at) - (rate * m) / (sqrt<f32>(s) + epsilon));
  }
}

/**
 * out[row, :] = sum of weights[i] * table[ids[i], :] over the bag's i. Returns -1, or the place of the first id
 * that is no row of the table.
 */
export function bagForward(
  table: usize,
  nTableRows: i32,
  nDims: i32,
  offsets: usize,
  ids: usize,
  weights: usize,
  nBags: i32,
  out: usize,
): i32 {
  const rowBytes = <usize>nDims * BYTES;
  memory.fill(out, 0, <usize>nBags * rowBytes);
  for (let bag: i32 = 0; bag < nBags; bag++) {
    const end = load<i32>(offsets + (<usize>bag + 1) * BYTES);
    for (let i = load<i32>(offsets + <usize>bag * BYTES); i < end; i++) {
      const id = load<i32>(ids + <usize>i * BYTES);
      if (<u32>id >= <u32>nTableRows) return i;
      const weight = load<f32>(weights + <usize>i * BYTES);
      addScaled(out + <usize>bag * rowBytes, table + <usize>id * rowBytes, weight, nDims);
    }
  }
  return -1;
}

/**
 * Sum the gradients of the table's rows that the bags use: each distinct row once, as in `touched`, with its sum at
 * the same place in `gradient`. `slots` [nTableRows] is all 0 before and after. Returns how many rows are touched,
 * or -1 - the place of the first id that is no row of the table.
 */
export function bagBackward(
  nTableRows: i32,
  nDims: i32,
  offsets: usize,
  ids: usize,
  weights: usize,
  nBags: i32,
  dOut: usize,
  slots: usize,
  touched: usize,
  gradient: usize,
): i32 {
  const rowBytes = <usize>nDims * BYTES;
  let nTouched: i32 = 0;
  let bad: i32 = -1;
  for (let bag: i32 = 0; bag < nBags && bad < 0; bag++) {
    const end = load<i32>(offsets + (<usize>bag + 1) * BYTES);
    for (let i = load<i32>(offsets + <usize>bag * BYTES); i < end; i++) {
      const id = load<i32>(ids + <usize>i * BYTES);
      if (<u32>id >= <u32>nTableRows) {
        bad = i;
        break;
      }
      const slotAt = slots + <usize>id * BYTES;
      let slot = load<i32>(slotAt);
      if (slot == 0) {
        store<i32>(touched + <usize>nTouched * BYTES, id);
        memory.fill(gradient + <usize>nTouched * rowBytes, 0, rowBytes);
        slot = ++nTouched;
        store<i32>(slotAt, slot);
      }
      const weight = load<f32>(weights + <usize>i * BYTES);
      addScaled(gradient + <usize>(slot - 1) * rowBytes, dOut + <usize>bag * rowBytes, weight, nDims);
    }
  }
  for (let i: i32 = 0; i < nTouched; i++) {
    store<i32>(slots + <usize>load<i32>(touched + <usize>i * BYTES) * BYTES, 0);
  }
  return bad < 0 ? nTouched : -1 - bad;
}

/** Adam for the touched rows alone; the state of other rows waits. */
export function adamRows(
  values: usize,
  mean: usize,
  square: usize,
  nDims: i32,
  touched: usize,
  gradient: usize,
  nTouched: i32,
  rate: f32,
  epsilon: f32,
  newMean: f32,
  newSquare: f32,
): void {
  const rowBytes = <usize>nDims * BYTES;
  for (let i: i32 = 0; i < nTouched; i++) {
    const row = <usize>load<i32>(touched + <usize>i * BYTES) * rowBytes;
    const g = gradient + <usize>i * rowBytes;
    adam(values + row, g, mean + row, square + row, nDims, rate, epsilon, 1, newMean, newSquare);
  }
}

/** Row-wise Adagrad for the touched rows: one sum a row, of the mean square of its gradients. */
export function adagradRows(
  values: usize,
  squares: usize,
  nDims: i32,
  touched: usize,
  gradient: usize,
  nTouched: i32,
  rate: f32,
  epsilon: f32,
): void {
  const rowBytes = <usize>nDims * BYTES;
  for (let i: i32 = 0; i < nTouched; i++) {
    const row = <usize>load<i32>(touched + <usize>i * BYTES);
    const g = gradient + <usize>i * rowBytes;
    const total = load<f32>(squares + row * BYTES) + sumOfSquares(g, nDims) / <f32>nDims;
    store<f32>(squares + row * BYTES, total);
    addScaled(values + row * rowBytes, g, -rate / (sqrt<f32>(total) + epsilon), nDims);
  }
}

/**
 * One step of dual coordinate descent for one item and all tags at once, squared hinge loss (Hsieh et al. 2008).
 *
 * margin = sum of weights[i] * table[ids[i], :]; each tag's multiplier moves to where its own dual is least, and the
 * item's rows follow. `signs` is 1 for a named tag, else -1; `slacks` is 1 / (2 cost); `margins` and `moved` are scratch. Returns -1, or the place of
 * the first id that is no row.
 */
export function dualStep(
  table: usize,
  nTableRows: i32,
  nTags: i32,
  ids: usize,
  weights: usize,
  nIds: i32,
  signs: usize,
  slacks: usize,
  multipliers: usize,
  margins: usize,
  moved: usize,
  squaredNorm: f32,
): i32 {
  const rowBytes = <usize>nTags * BYTES;
  memory.fill(margins, 0, rowBytes);
  for (let i: i32 = 0; i < nIds; i++) {
    const id = load<i32>(ids + <usize>i * BYTES);
    if (<u32>id >= <u32>nTableRows) return i;
    addScaled(margins, table + <usize>id * rowBytes, load<f32>(weights + <usize>i * BYTES), nTags);
  }
  let nMoved: i32 = 0;
  for (let tag: i32 = 0; tag < nTags; tag++) {
    const at = <usize>tag * BYTES;
    const sign = load<f32>(signs + at);
    const slack = load<f32>(slacks + at);
    const before = load<f32>(multipliers + at);
    const gradient = sign * load<f32>(margins + at) - 1 + slack * before;
    const after = max<f32>(before - gradient / (squaredNorm + slack), 0);
    store<f32>(multipliers + at, after);
    if (after == before) {
      store<f32>(margins + at, 0);
      continue;
    }
    store<f32>(margins + at, sign * (after - before));
    store<i32>(moved + <usize>nMoved * BYTES, tag);
    nMoved++;
  }
  const isSparse = nMoved * SPARSE_BELOW < nTags;
  for (let i: i32 = 0; i < nIds; i++) {
    const row = table + <usize>load<i32>(ids + <usize>i * BYTES) * rowBytes;
    const weight = load<f32>(weights + <usize>i * BYTES);
    if (!isSparse) {
      addScaled(row, margins, weight, nTags);
      continue;
    }
    for (let j: i32 = 0; j < nMoved; j++) {
      const at = <usize>load<i32>(moved + <usize>j * BYTES) * BYTES;
      store<f32>(row + at, load<f32>(row + at) + weight * load<f32>(margins + at));
    }
  }
  return -1;
}
