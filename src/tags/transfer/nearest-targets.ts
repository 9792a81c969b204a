import { TagdistillError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';

const QUERIES_PER_TURN = 64;

/** The target nearest in meaning to each tag. */
export interface Nearest {
  /** shape [n], place of the target; -1 where tag or targets have no direction */
  readonly places: Int32Array;
  /** shape [n], cosine; NaN where there is no target */
  readonly similarities: Float32Array;
  /** shape [n], place of the nearest target that is near enough and fits; -1 where none does */
  readonly fitting: Int32Array;
  /** shape [n], its cosine; NaN where there is none */
  readonly fittingSimilarities: Float32Array;
}

export interface NearestOptions {
  /** Gives a vector of length 1, or zeros for a text that says nothing to it; all of one length. */
  readonly vectorOf: (tag: string) => Float32Array;
  /** Smallest cosine, in [-1, 1]. */
  readonly threshold: number;
  /** Whether a near target may stand for a tag. Default: any may. */
  readonly fits?: (tag: string, target: string) => boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Find the target of the largest cosine for each tag, and that among those that fit, the first of equals.
 *
 * Compares all with all.
 *
 * @throws TagdistillError `E_ENCODER` if vectors differ in length, `E_ABORTED`
 */
export async function nearestTargets(
  tags: readonly string[],
  targets: readonly string[],
  { vectorOf, threshold, fits = () => true, onProgress, signal }: NearestOptions,
): Promise<Nearest> {
  const places = new Int32Array(tags.length).fill(-1);
  const similarities = new Float32Array(tags.length).fill(NaN);
  const fitting = new Int32Array(tags.length).fill(-1);
  const fittingSimilarities = new Float32Array(tags.length).fill(NaN);
  const nearest = { places, similarities, fitting, fittingSimilarities };
  if (tags.length === 0 || targets.length === 0) return nearest;
  const nDims = vectorOf(targets[0]!).length;
  const vectors = new Float32Array(targets.length * nDims); // [targets, nDims]
  const hasDirection = targets.map((target, place) => {
    const vector = checked(vectorOf(target), nDims);
    vectors.set(vector, place * nDims);
    return vector.some((value) => value !== 0);
  });
  for (const [i, tag] of tags.entries()) {
    if (i % QUERIES_PER_TURN === 0) {
      await new Promise(setImmediate); // lets Ctrl-C in
      if (signal?.aborted === true) {
        throw new TagdistillError('E_ABORTED', 'the search for near tags was stopped', {
          cause: signal.reason,
        });
      }
      onProgress?.({ stage: 'near tags', done: i, total: tags.length });
    }
    const query = checked(vectorOf(tag), nDims);
    if (!query.some((value) => value !== 0)) continue;
    let best = -Infinity;
    let bestFitting = -Infinity;
    for (let place = 0; place < targets.length; place++) {
      const cosine = dot(query, vectors, place * nDims);
      if (cosine <= bestFitting || hasDirection[place] !== true) continue;
      if (cosine > best) {
        best = cosine;
        places[i] = place;
      }
      if (cosine >= threshold && fits(tag, targets[place]!)) {
        bestFitting = cosine;
        fitting[i] = place;
      }
    }
    if (places[i]! >= 0) similarities[i] = best;
    if (fitting[i]! >= 0) fittingSimilarities[i] = bestFitting;
  }
  return nearest;
}

// Four sums at a time: one alone would wait for each addition.
function dot(query: Float32Array, vectors: Float32Array, start: number): number {
  const n = query.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    a += query[i]! * vectors[start + i]!;
    b += query[i + 1]! * vectors[start + i + 1]!;
    c += query[i + 2]! * vectors[start + i + 2]!;
    d += query[i + 3]! * vectors[start + i + 3]!;
  }
  for (; i < n; i++) a += query[i]! * vectors[start + i]!;
  return a + b + (c + d);
}

function checked(vector: Float32Array, nDims: number): Float32Array {
  if (vector.length === nDims) return vector;
  throw new TagdistillError('E_ENCODER', `vectors of ${nDims} and of ${vector.length} numbers`, {
    hint: 'Take all vectors from one encoder.',
  });
}
