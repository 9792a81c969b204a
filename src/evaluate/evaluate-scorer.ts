import type { Space } from '../core/space.js';
import type { Scorer } from '../runtime/scorer.js';
import { scorerInput } from './scorer-input.js';
import { SpaceTally, type SpaceEvaluation } from './space-tally.js';
import { tagFrequencies, type TagFrequencies } from './tag-frequencies.js';

/** An item with the tags that it should get. */
export interface LabelledRow {
  readonly id: string;
  /** Empty where the item has a vector alone. */
  readonly text: string;
  /** The item's own vector, for students that read one. */
  readonly embedding?: Float32Array;
  readonly tags: Readonly<Partial<Record<Space, readonly string[]>>>;
  /** Strengths of those tags in [0, 1], where they have any. */
  readonly strengths?: Readonly<Partial<Record<Space, ReadonlyMap<string, number>>>>;
  /** The slice that the item also counts in, e.g. `new author`. */
  readonly slice?: string;
  /** What the teacher named when it was asked again, best first. */
  readonly second?: Readonly<Partial<Record<Space, readonly string[]>>>;
}

export interface EvaluateScorerOptions {
  /** Training counts by which bands, propensity and novelty are reckoned. Default: the student's own. */
  readonly frequencies?: Readonly<Partial<Record<Space, TagFrequencies>>>;
  readonly signal?: AbortSignal;
  readonly onItem?: (nDone: number) => void;
}

/** How many of a student's tags are ranked: MRR looks no deeper. */
export const RANKING_DEPTH = 20;

/**
 * Hold a student's best tags against given labels, in each space that both have.
 *
 * Label space `raw`: tags are compared as exact strings. The ideal counts every distinct label of an item, those
 * outside the vocabulary included; items without labels in a space are left out of its means. Vectors are passed over
 * where the student reads none.
 *
 * @throws TagdistillError `E_BAD_INPUT` for a vector of another length than the student reads, `E_ABORTED`
 */
export async function evaluateScorer(
  scorer: Scorer,
  rows: AsyncIterable<LabelledRow> | Iterable<LabelledRow>,
  { frequencies, signal, onItem }: EvaluateScorerOptions = {},
): Promise<Partial<Record<Space, SpaceEvaluation>>> {
  const tallies = new Map(
    scorer.spaces.map((space) => {
      const counts = frequencies?.[space] ?? tagFrequencies(scorer, space);
      return [space, new SpaceTally(new Set(scorer.tags(space)), counts)];
    }),
  );
  let nDone = 0;
  for await (const { item, scores } of scorer.scoreStream(inputs(rows, scorer), {
    topK: RANKING_DEPTH,
    ...(signal && { signal }),
  })) {
    for (const [space, tally] of tallies) {
      tally.add({
        id: item.id,
        text: item.text,
        truth: new Set(item.tags[space] ?? []),
        scores: scores[space] ?? [],
        strengths: item.strengths?.[space],
        slice: item.slice,
        second: item.second?.[space],
      });
    }
    onItem?.(++nDone);
  }
  return Object.fromEntries(
    [...tallies].filter(([, tally]) => tally.nLabelUses > 0).map(([space, tally]) => [space, tally.finish()]),
  );
}

async function* inputs(
  rows: AsyncIterable<LabelledRow> | Iterable<LabelledRow>,
  scorer: Scorer,
): AsyncGenerator<LabelledRow> {
  for await (const row of rows) yield scorerInput(row, scorer);
}
