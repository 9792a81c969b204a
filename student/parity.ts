import { TagdistillError } from '../src/core/errors.js';
import type { ItemFeatures } from '../src/features/item-encoder.js';
import { exportGraph, type ExportedStudent } from './export-graph.js';
import { InferenceGraph, ROWS_PER_RUN, type JudgedItems } from './inference-graph.js';
import { runExported, type RunExportedOptions } from './run-exported.js';

/** How far the exported model is from the network that was trained. */
export interface Parity {
  readonly nTexts: number;
  /** Largest difference of a logit among the best 20 tags, over the text's largest logit where that is beyond 1. */
  readonly maxDifference: number;
}

const PARITY_TOLERANCE = 1e-5;
const TOP_K = 20;

/**
 * Score items with the float32 export and with the network it came from, and compare.
 *
 * @param items what the network reads of the items, and what the export reads of the same
 * @throws TagdistillError `E_BUNDLE_FORMAT` if a logit differs by more than 1e-5
 */
export async function measureParity(
  student: ExportedStudent,
  { judged, features }: { readonly judged: JudgedItems; readonly features: readonly ItemFeatures[] },
  run: Omit<RunExportedOptions, 'topK' | 'threads'>,
): Promise<Parity> {
  const model = exportGraph(student, { precision: 'float32' });
  const { shape, parameters, isDistribution } = student;
  const graph = await InferenceGraph.build(shape, {
    threads: 1,
    isDistribution,
    hasLinear: parameters.linear !== undefined,
  });
  let maxDifference = 0;
  try {
    // Both run the same batches, as sums over a batch of another size may be rounded otherwise.
    const wanted = await graph.topTags(judged, parameters, TOP_K);
    const found = await runExported(model, features, { ...run, topK: TOP_K, threads: 1 });
    for (const space of run.spaces) {
      const { k, logits } = wanted[space]!;
      for (let row = 0; row < features.length; row++) {
        const expected = logits.subarray(row * k, (row + 1) * k);
        const unit = expected.reduce((most, logit) => Math.max(most, Math.abs(logit)), 1);
        expected.forEach((logit, i) => {
          const difference = Math.abs(logit - found[space]!.logits[row * k + i]!) / unit;
          maxDifference = Math.max(maxDifference, difference);
        });
      }
    }
  } finally {
    await graph.release();
  }
  if (!(maxDifference <= PARITY_TOLERANCE)) {
    throw new TagdistillError(
      'E_BUNDLE_FORMAT',
      `the exported model differs from the trained network by ${maxDifference}, more than ${PARITY_TOLERANCE}, over ${features.length} texts in runs of ${ROWS_PER_RUN}`,
      { hint: 'Please report this with the data set; nothing was written.' },
    );
  }
  return { nTexts: features.length, maxDifference };
}
