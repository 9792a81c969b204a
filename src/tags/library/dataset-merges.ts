import { TagdistillError } from '../../core/errors.js';
import { SPACES, type Space } from '../../core/space.js';
import type { Decisions } from '../merge/decisions.js';
import { mergeSemantic } from '../merge/semantic.js';
import type { Merge, NearMiss } from '../merge/semantic-aliases.js';
import { mergeTags } from '../merge/spelling.js';
import { countUses, loadDayLabels } from './day-labels.js';

/** What merging does to the tags of a space. */
export interface SpaceMerges {
  readonly nRaw: number;
  /** After spellings were merged. */
  readonly nSpelled: number;
  /** After tags of one meaning were merged, and decisions heard. */
  readonly nCanonical: number;
  /** Tags that were compared by meaning. */
  readonly nCompared: number;
  readonly nUnusedDecisions: number;
  readonly aliasHash: string;
  readonly merges: readonly Merge[];
  readonly nearMisses: readonly NearMiss[];
}

export interface DatasetMergesOptions {
  readonly vectorOf: (tag: string) => Float32Array;
  /** Least cosine of tags that are merged by meaning. */
  readonly threshold?: number;
  readonly decisions?: Decisions;
  readonly signal?: AbortSignal;
}

/**
 * Merge the tags of data sets as a tag library would, for people to review; writes nothing.
 *
 * @throws TagdistillError what {@link mergeSemantic} and reading throw
 */
export async function mergesOfDatasets(
  datasets: readonly string[],
  { vectorOf, threshold, decisions, signal }: DatasetMergesOptions,
): Promise<Partial<Record<Space, SpaceMerges>>> {
  const { labels } = await loadDayLabels(datasets, signal === undefined ? {} : { signal });
  const merges: Partial<Record<Space, SpaceMerges>> = {};
  for (const space of SPACES) {
    const of = labels[space];
    if (of === undefined) continue;
    if (signal?.aborted === true) {
      throw new TagdistillError('E_ABORTED', 'merging was stopped', { cause: signal.reason });
    }
    const counts = countUses(of);
    const spelled = mergeTags(counts);
    const merged = mergeSemantic(spelled, counts, {
      ...{ space, vectorOf },
      ...(threshold !== undefined && { threshold }),
      ...(decisions && { decisions }),
    });
    merges[space] = {
      nRaw: counts.size,
      nSpelled: new Set(spelled.canonicalOf.values()).size,
      nCanonical: new Set(merged.canonicalOf.values()).size,
      nCompared: merged.nCompared,
      nUnusedDecisions: merged.nUnusedDecisions,
      aliasHash: merged.hash,
      merges: merged.merges,
      nearMisses: merged.nearMisses,
    };
  }
  return merges;
}
