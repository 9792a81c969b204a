import { TagdistillError } from '../../core/errors.js';
import type { Space } from '../../core/space.js';
import type { SparseRows } from '../../core/sparse.js';
import { DIRECTION_FROM, REVERSE } from './direction.js';
import type { LogicMatrices } from './logic-matrices.js';
import { ScoreBoard } from './score-board.js';
import type { WeightedTags } from './weighted-tags.js';

/** Where an exploration led; both lists best first, ties by place, weights of each adding up to 1. */
export interface Exploration {
  /** Tags of the other space: C1 for user tags as seeds. */
  readonly between: WeightedTags;
  /** Tags of the seeds' space: T1 for user tags as seeds. */
  readonly reached: WeightedTags;
}

export interface ExplorerOptions {
  /** The space of the seeds. Default: `user`. */
  readonly from?: Space;
}

export interface ExploreOptions {
  /** `soft`: weights flow along the edges; `hard`: every seed and every edge counts alike. */
  readonly mode?: 'soft' | 'hard';
  /** Tags to keep at each of the two steps. Default: as many as there are seeds. */
  readonly keep?: number;
  /** Leave the seeds out of what is reached; the published method keeps them. */
  readonly newOnly?: boolean;
}

/**
 * Explores what lies two steps of logic away from some tags: T0 to C1 along U2I, C1 to T1 along I2U.
 *
 * Soft: w1(c) = sum over t in T0 of w0(t) P(c|t); the `keep` largest stay and are divided by their sum; T1 follows
 * from C1 by P(t|c) in the same way. Hard: w counts the edges that arrive, ties go to the larger soft weight, and what
 * is kept weighs 1 / n each; the paper names no formula for it. From item tags the two directions change places.
 *
 * Holds scratch for one call at a time: an explorer a thread. A call costs what it touches, not the number of tags.
 *
 * @see Yu et al. 2025 (TagCF), exploration set
 */
export class Explorer {
  private readonly first: SparseRows;
  private readonly second: SparseRows;
  private readonly between: ScoreBoard;
  private readonly reached: ScoreBoard;
  private readonly isSeed: Uint8Array;

  constructor(matrices: LogicMatrices, { from = 'user' }: ExplorerOptions = {}) {
    this.first = matrices[DIRECTION_FROM[from]];
    this.second = matrices[REVERSE[DIRECTION_FROM[from]]];
    this.between = new ScoreBoard(this.first.nColumns);
    this.reached = new ScoreBoard(this.second.nColumns);
    this.isSeed = new Uint8Array(this.second.nColumns);
  }

  /**
   * Explore from some tags, each given once.
   *
   * @param seeds weights from 0 up; they need not add up to 1; `{ ids: [], weights: [] }` leads nowhere
   * @throws TagdistillError `E_BAD_INPUT` for an unknown place or a weight that is negative or not finite,
   *   `E_BAD_K` if keep is no positive integer
   */
  explore(seeds: WeightedTags, { mode = 'soft', keep, newOnly = false }: ExploreOptions = {}): Exploration {
    const n = seeds.ids.length;
    const nKept = keep ?? Math.max(n, 1);
    this.check(seeds, nKept);
    const total = sumOf(seeds.weights);
    const isHard = mode === 'hard';
    for (let i = 0; i < n; i++) {
      const weight = seeds.weights[i]!;
      if (weight > 0) spread(this.first, seeds.ids[i]!, weight / total, this.between);
    }
    const between = this.between.take(nKept, isHard);
    for (let i = 0; i < between.ids.length; i++) {
      spread(this.second, between.ids[i]!, between.weights[i]!, this.reached);
    }
    if (!newOnly) return { between, reached: this.reached.take(nKept, isHard) };
    for (let i = 0; i < n; i++) this.isSeed[seeds.ids[i]!] = 1;
    const reached = this.reached.take(nKept, isHard, this.isSeed);
    for (let i = 0; i < n; i++) this.isSeed[seeds.ids[i]!] = 0;
    return { between, reached };
  }

  // Before any scratch is written, so that a refused call leaves none behind.
  private check({ ids, weights }: WeightedTags, keep: number): void {
    if (!Number.isInteger(keep) || keep < 1) {
      throw new TagdistillError('E_BAD_K', `keep is ${keep}`, { hint: 'Give a whole number from 1 up.' });
    }
    if (ids.length !== weights.length) {
      throw new TagdistillError('E_BAD_INPUT', `${ids.length} seeds have ${weights.length} weights`, {
        hint: 'Give one weight a seed.',
      });
    }
    const nTags = this.isSeed.length;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      const weight = weights[i]!;
      if (!(Number.isInteger(id) && id >= 0 && id < nTags)) {
        throw new TagdistillError('E_BAD_INPUT', `seed ${i} is tag ${id} of ${nTags}`, {
          hint: 'Give places in the list of tags of the graph.',
        });
      }
      if (!(weight >= 0 && weight < Infinity)) {
        throw new TagdistillError('E_BAD_INPUT', `seed ${i} has the weight ${weight}`, {
          hint: 'Give finite weights from 0 up.',
        });
      }
    }
  }
}

function spread(rows: SparseRows, row: number, weight: number, board: ScoreBoard): void {
  const { offsets, indices, values } = rows;
  const end = offsets[row + 1]!;
  for (let cell = offsets[row]!; cell < end; cell++) board.add(indices[cell]!, weight * values[cell]!);
}

function sumOf(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  return sum;
}
