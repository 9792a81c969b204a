import { TagdistillError } from '../core/errors.js';
import type { OnProgress } from '../core/progress.js';
import { Scorer } from '../runtime/scorer.js';
import { compareEvaluations, type Comparisons } from './compare-evaluations.js';
import { evaluateBundle, type EvaluateOptions, type EvaluateReport } from './evaluate-bundle.js';
import { tagFrequencies } from './tag-frequencies.js';

export interface EvaluateBundlesOptions extends Omit<EvaluateOptions, 'bundle' | 'frequencies'> {
  /** Bundle folders; the first is the reference. */
  readonly bundles: readonly string[];
  /** Fixes resamples and flips. */
  readonly seed?: number;
}

/** One or more bundles on the same labels: what the report pages are made from. */
export interface Evaluations {
  /** In the order of the bundles. */
  readonly reports: readonly EvaluateReport[];
  readonly comparisons: Comparisons;
  readonly seed: number;
}

/**
 * Measure bundles against the same labels, one pass a bundle, and compare each with the first, item by item.
 *
 * Bands and propensities of all bundles go by the first one's training counts, so that they can be compared.
 *
 * @throws TagdistillError `E_BAD_OPTION` for no bundle, and what {@link evaluateBundle} throws
 */
export async function evaluateBundles({
  bundles,
  seed = 1,
  ...options
}: EvaluateBundlesOptions): Promise<Evaluations> {
  const [first] = bundles;
  if (first === undefined) {
    throw new TagdistillError('E_BAD_OPTION', 'there is no bundle to evaluate', {
      hint: 'Name one or more.',
    });
  }
  const frequencies = bundles.length > 1 ? await readFrequencies(first, options.hubEncoder) : undefined;
  const reports: EvaluateReport[] = [];
  for (const [i, bundle] of bundles.entries()) {
    const onProgress: OnProgress | undefined =
      bundles.length === 1
        ? options.onProgress
        : (event) => options.onProgress?.({ ...event, figures: { bundle: `${i + 1} of ${bundles.length}` } });
    const more = { ...(frequencies && { frequencies }), ...(onProgress && { onProgress }) };
    reports.push(await evaluateBundle({ bundle, ...options, ...more }));
  }
  return { reports, comparisons: compareEvaluations(reports, { seed }), seed };
}

async function readFrequencies(
  bundle: string,
  hubEncoder: string | undefined,
): Promise<NonNullable<EvaluateOptions['frequencies']>> {
  const scorer = await Scorer.load(bundle, { ...(hubEncoder !== undefined && { hubEncoder }) });
  try {
    return Object.fromEntries(scorer.spaces.map((space) => [space, tagFrequencies(scorer, space)]));
  } finally {
    await scorer.close();
  }
}
