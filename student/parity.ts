import * as ort from 'onnxruntime-node';
import { TagdistillError } from '../src/core/errors.js';
import { SPACES } from '../src/core/space.js';
import { padBags } from '../src/features/bag-encoder.js';
import { openSession } from '../src/runtime/session.js';
import type { exportGraph } from './export-graph.js';
import type { FittedStudent } from './fit-student.js';
import { InferenceGraph, ROWS_PER_RUN } from './inference-graph.js';

/** How far the exported model is from the network that was trained. */
export interface Parity {
  readonly nTexts: number;
  /** Largest difference of a logit among the best 20 tags, relative where the logit is beyond 1. */
  readonly maxDifference: number;
}

const PARITY_TOLERANCE = 1e-5;
const TOP_K = 20;

/**
 * Score texts with an exported model and with the network it came from, and compare.
 *
 * @throws TagdistillError `E_BUNDLE_FORMAT` if a logit differs by more than 1e-5
 */
export async function measureParity(
  model: ReturnType<typeof exportGraph>,
  { shape, parameters, encoder }: Pick<FittedStudent, 'shape' | 'parameters' | 'encoder'>,
  texts: readonly string[],
): Promise<Parity> {
  const bags = texts.map((text) => encoder.encode(text));
  const graph = await InferenceGraph.build(shape, { threads: 1 });
  const session = await openSession(model);
  let maxDifference = 0;
  try {
    // The same batches for both, as sums over a batch of another size may be rounded otherwise.
    for (let start = 0; start < bags.length; start += ROWS_PER_RUN) {
      const batch = bags.slice(start, start + ROWS_PER_RUN);
      const wanted = await graph.topTags(batch, parameters, TOP_K);
      const { nRows, width, ids, weights, stems, stemWidth } = padBags(batch, shape.nStems);
      const out = await session.run({
        feature_ids: new ort.Tensor('int32', ids, [nRows, width]),
        feature_weights: new ort.Tensor('float32', weights, [nRows, width]),
        stem_ids: new ort.Tensor('int32', stems, [nRows, stemWidth]),
        k: new ort.Tensor('int64', BigInt64Array.of(BigInt(TOP_K)), [1]),
      });
      for (const space of SPACES) {
        const expected = wanted[space]?.logits;
        const logits = out[`${space}_logits`]?.data as Float32Array | undefined;
        logits?.forEach((logit, i) => {
          const difference = Math.abs(logit - expected![i]!) / Math.max(1, Math.abs(expected![i]!));
          maxDifference = Math.max(maxDifference, difference);
        });
      }
    }
  } finally {
    await graph.release();
    await session.release();
  }
  if (!(maxDifference <= PARITY_TOLERANCE)) {
    throw new TagdistillError(
      'E_BUNDLE_FORMAT',
      `the exported model differs from the trained network by ${maxDifference}, more than ${PARITY_TOLERANCE}`,
      { hint: 'Please report this with the data set; nothing was written.' },
    );
  }
  return { nTexts: texts.length, maxDifference };
}
