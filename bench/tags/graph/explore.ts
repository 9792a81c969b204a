import { parseArgs } from 'node:util';
import { seededRandom } from '../../../src/core/random.js';
import { SparseRowsBuilder, type SparseRows } from '../../../src/core/sparse.js';
import { Explorer } from '../../../src/tags/graph/explorer.js';
import { decodeLogic, encodeLogic } from '../../../src/tags/graph/logic-codec.js';

/*
 * Times exploration on a made graph: 20,000 + 20,000 tags, 20 edges each, targets drawn so that few tags are reached
 * often. Beside it the same by dense vectors, which allocates and sorts all tags each time. Run by:
 * npx tsx bench/tags/graph/explore.ts [--tags 20000] [--edges 20] [--calls 20000]
 */
const { values } = parseArgs({
  options: {
    tags: { type: 'string', default: '20000' },
    edges: { type: 'string', default: '20' },
    calls: { type: 'string', default: '20000' },
  },
});
const [nTags, nEdges, nCalls] = [Number(values.tags), Number(values.edges), Number(values.calls)];
const random = seededRandom(7);

function madeRows(): SparseRows {
  const builder = new SparseRowsBuilder();
  for (let row = 0; row < nTags; row++) {
    const targets = new Set<number>();
    while (targets.size < nEdges) targets.add(Math.floor(random() ** 2 * nTags));
    const weights = Array.from(targets, () => random()).sort((a, b) => b - a);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    [...targets].forEach((target, i) => builder.push(target, weights[i]! / total));
    builder.endRow();
  }
  return builder.finish(nTags);
}

const matrices = { i2u: madeRows(), u2i: madeRows() };
const explorer = new Explorer(matrices);

function seeds(n: number): { ids: number[]; weights: number[] } {
  const ids = new Set<number>();
  while (ids.size < n) ids.add(Math.floor(random() * nTags));
  return { ids: [...ids], weights: Array.from(ids, () => random()) };
}

function denseStep(rows: SparseRows, from: readonly (readonly [number, number])[], keep: number) {
  const scores = new Float64Array(rows.nColumns);
  for (const [tag, weight] of from) {
    for (let cell = rows.offsets[tag]!; cell < rows.offsets[tag + 1]!; cell++) {
      scores[rows.indices[cell]!]! += weight * rows.values[cell]!;
    }
  }
  const kept = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, keep);
  const total = kept.reduce((sum, tag) => sum + scores[tag]!, 0);
  return kept.map((tag) => [tag, scores[tag]! / total] as const);
}

// Of this process's processor time, so that what else runs on the machine does not count.
function microseconds(n: number, call: () => void): number {
  const start = process.cpuUsage();
  for (let i = 0; i < n; i++) call();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / n;
}

console.log(
  `${nTags} + ${nTags} tags, ${nEdges} edges each; microseconds of processor time a call, median of 5 rounds (least to most)`,
);
for (const nSeeds of [5, 10, 20, 50]) {
  const asked = Array.from({ length: 1000 }, () => seeds(nSeeds));
  for (const mode of ['soft', 'hard'] as const) {
    const times = Array.from({ length: 5 }, () => {
      let i = 0;
      return microseconds(nCalls / 5, () => explorer.explore(asked[i++ % asked.length]!, { mode }));
    }).sort((a, b) => a - b);
    console.log(
      `${nSeeds} seeds, ${mode}: ${times[2]!.toFixed(1)} (${times[0]!.toFixed(1)} to ${times[4]!.toFixed(1)})`,
    );
  }
  let i = 0;
  const dense = microseconds(20, () => {
    const { ids, weights } = asked[i++ % asked.length]!;
    const from = ids.map((id, place) => [id, weights[place]!] as const);
    denseStep(matrices.i2u, denseStep(matrices.u2i, from, nSeeds), nSeeds);
  });
  console.log(`${nSeeds} seeds, dense vectors and a whole sort: ${dense.toFixed(0)}`);
}
const bytes = encodeLogic(matrices);
const start = performance.now();
decodeLogic(bytes, 'made graph');
console.log(
  `as bytes: ${(bytes.length / 1e6).toFixed(1)} MB, decoded and checked in ${(performance.now() - start).toFixed(0)} ms`,
);
