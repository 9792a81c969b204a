// Time of a step's arithmetic in the WASM kernel and in plain TypeScript: npm run bench:engine
import { cpus } from 'node:os';
import { normal, seededRandom } from '../../src/core/random.js';
import { EmbeddingTable, type RowRule } from '../../student/kernel/embedding-table.js';
import { KernelBags } from '../../student/kernel/kernel-bags.js';
import { bytesOf, Kernel } from '../../student/kernel/kernel.js';

const N_PARAMETERS = 1_800_000;
/** One table that the cache holds, and one that it does not. */
const TABLE_ROWS = [500, 100_000];
const N_DIMS = 256;
const N_BAGS = 256;
const IDS_PER_BAG = 100;
const N_CALLS = 100;
const random = seededRandom(7);

/** 5th, 50th and 95th percentile of a call, after some calls to warm up. */
function time(name: string, call: (step: number) => void): void {
  for (let i = 1; i <= 20; i++) call(i);
  const times = Array.from({ length: N_CALLS }, (_, i) => {
    const started = performance.now();
    call(i + 21);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  const shown = [0.05, 0.5, 0.95].map((share) => times[Math.floor(N_CALLS * share)]!.toFixed(2));
  process.stdout.write(`${name.padEnd(52)} ${shown.join(' / ')} ms\n`);
}

function fillNormal(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = normal(random);
  return values;
}

function plainAdam(
  values: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  square: Float32Array,
  step: number,
): void {
  const rate = (1e-3 * Math.sqrt(1 - 0.99 ** step)) / (1 - 0.9 ** step);
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i]!;
    const m = (mean[i]! += 0.1 * (g - mean[i]!));
    const s = (square[i]! += 0.01 * (g * g - square[i]!));
    values[i]! -= (rate * m) / (Math.sqrt(s) + 1e-8);
  }
}

process.stdout.write(
  `${cpus()[0]!.model}, Node ${process.version}, one thread, ${N_CALLS} calls each: p5 / median / p95\n`,
);
const n = N_PARAMETERS;
const kernel = await Kernel.create({ bytes: bytesOf(n, n, n, n) });
const [values, gradient, mean, square] = [0, 0, 0, 0].map(() => kernel.float32(n)) as [
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
];
fillNormal(values);
fillNormal(gradient);
time(`Adam, ${n} parameters, kernel`, (step) =>
  kernel.adam({ values, gradient, mean, square }, { learningRate: 1e-3, step }),
);
const plain = [values, gradient, mean, square].map((array) => Float32Array.from(array));
time(`Adam, ${n} parameters, TypeScript`, (step) =>
  plainAdam(plain[0]!, plain[1]!, plain[2]!, plain[3]!, step),
);

const maxIds = N_BAGS * IDS_PER_BAG;

interface Bags {
  readonly nRows: number;
  readonly ids: readonly Int32Array[];
  readonly weights: readonly Float32Array[];
}

/** Skewed as words are: few rows make up most of the ids. */
function drawBags(nRows: number): Bags {
  const ids = Array.from({ length: N_BAGS }, () =>
    Int32Array.from({ length: IDS_PER_BAG }, () => Math.floor(nRows * random() ** 3)),
  );
  return { nRows, ids, weights: ids.map((bag) => fillNormal(new Float32Array(bag.length))) };
}

async function timeKernel(rule: RowRule, { nRows, ids, weights }: Bags): Promise<void> {
  const size = { nRows, nDims: N_DIMS, maxIds, rule };
  const bytes =
    EmbeddingTable.bytes(size) + KernelBags.bytes({ maxBags: N_BAGS, maxIds }) + bytesOf(N_BAGS * N_DIMS);
  const own = await Kernel.create({ bytes });
  const table = new EmbeddingTable(own, size);
  const bags = new KernelBags(own, { maxBags: N_BAGS, maxIds });
  const rows = own.float32(N_BAGS * N_DIMS);
  fillNormal(table.values);
  ids.forEach((bag, i) => bags.push(bag, weights[i]!));
  if (rule === 'adagrad') time(`bags forward, ${nRows} rows, kernel`, () => table.forward(bags, rows));
  fillNormal(rows);
  time(`bags backward and ${rule}, ${nRows} rows, kernel`, (step) => {
    table.backward(bags, rows);
    table.update({ learningRate: 1e-3, step });
  });
}

function timePlain({ nRows, ids, weights }: Bags): void {
  const table = fillNormal(new Float32Array(nRows * N_DIMS));
  const rows = new Float32Array(N_BAGS * N_DIMS);
  time(`bags forward, ${nRows} rows, TypeScript`, () => {
    rows.fill(0);
    ids.forEach((bag, row) => {
      for (let i = 0; i < bag.length; i++) {
        const [to, from, weight] = [row * N_DIMS, bag[i]! * N_DIMS, weights[row]![i]!];
        for (let d = 0; d < N_DIMS; d++) rows[to + d]! += weight * table[from + d]!;
      }
    });
  });
  const gradients = new Float32Array(nRows * N_DIMS);
  const squares = new Float32Array(nRows);
  time(`bags backward and adagrad, ${nRows} rows, TypeScript`, () => {
    const touched = new Set<number>();
    ids.forEach((bag, row) => {
      for (let i = 0; i < bag.length; i++) {
        const [from, to, weight] = [row * N_DIMS, bag[i]! * N_DIMS, weights[row]![i]!];
        touched.add(bag[i]!);
        for (let d = 0; d < N_DIMS; d++) gradients[to + d]! += weight * rows[from + d]!;
      }
    });
    for (const id of touched) {
      const at = id * N_DIMS;
      let sum = 0;
      for (let d = 0; d < N_DIMS; d++) sum += gradients[at + d]! ** 2;
      squares[id]! += sum / N_DIMS;
      const rate = 1e-3 / (Math.sqrt(squares[id]!) + 1e-8);
      for (let d = 0; d < N_DIMS; d++) table[at + d]! -= rate * gradients[at + d]!;
      gradients.fill(0, at, at + N_DIMS);
    }
  });
}

process.stdout.write(`${N_BAGS} bags of ${IDS_PER_BAG} ids, ${N_DIMS} dims:\n`);
for (const nRows of TABLE_ROWS) {
  const bags = drawBags(nRows);
  await timeKernel('adagrad', bags);
  await timeKernel('adam', bags);
  timePlain(bags);
}
process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`);
