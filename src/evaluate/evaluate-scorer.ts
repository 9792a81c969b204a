import type { Space } from '../core/space.js';
import { RankingReport, type RankingFigures } from '../metrics/ranking-report.js';
import type { Scorer } from '../runtime/scorer.js';

/** An item with the tags that it should get. */
export interface LabelledRow {
  readonly id: string;
  readonly text: string;
  readonly tags: Readonly<Partial<Record<Space, readonly string[]>>>;
  /** The slice that the item also counts in, e.g. `new author`. */
  readonly slice?: string;
}

export interface SpaceEvaluation extends RankingFigures {
  /** All uses of a tag over the items, repeats in one item counted once. */
  readonly nLabelUses: number;
  /** Share of those uses whose tag the student cannot name. */
  readonly outsideVocabulary: number;
  readonly slices: Readonly<Record<string, RankingFigures>>;
}

/** How many of a student's tags are ranked: MRR looks no deeper. */
export const RANKING_DEPTH = 20;

/**
 * Hold a student's best tags against given labels, in each space that both have.
 *
 * Label space `raw`: tags are compared as exact strings. The ideal counts every distinct label of an item, those
 * outside the vocabulary included; items without labels in a space are left out of its means.
 */
export async function evaluateScorer(
  scorer: Scorer,
  rows: AsyncIterable<LabelledRow> | Iterable<LabelledRow>,
  { signal, onItem }: { readonly signal?: AbortSignal; readonly onItem?: (nDone: number) => void } = {},
): Promise<Partial<Record<Space, SpaceEvaluation>>> {
  const counts = new Map(scorer.spaces.map((space) => [space, new SpaceCount(new Set(scorer.tags(space)))]));
  let nDone = 0;
  for await (const { item, scores } of scorer.scoreStream(rows, {
    topK: RANKING_DEPTH,
    ...(signal && { signal }),
  })) {
    for (const [space, count] of counts) {
      const ranking = (scores[space] ?? []).map(({ tag }) => tag);
      count.add(ranking, new Set(item.tags[space] ?? []), item.slice);
    }
    onItem?.(++nDone);
  }
  return Object.fromEntries(
    [...counts].filter(([, count]) => count.nLabelUses > 0).map(([space, count]) => [space, count.finish()]),
  );
}

class SpaceCount {
  nLabelUses = 0;
  private nOutside = 0;
  private readonly all = new RankingReport<string>({ keep: ['nDCG@5', 'nDCG@10'] });
  private readonly slices = new Map<string, RankingReport<string>>();

  constructor(private readonly vocabulary: ReadonlySet<string>) {}

  add(ranking: readonly string[], truth: ReadonlySet<string>, slice: string | undefined): void {
    for (const tag of truth) if (!this.vocabulary.has(tag)) this.nOutside++;
    this.nLabelUses += truth.size;
    this.all.add(ranking, truth);
    if (slice === undefined) return;
    let report = this.slices.get(slice);
    if (report === undefined) this.slices.set(slice, (report = new RankingReport<string>()));
    report.add(ranking, truth);
  }

  finish(): SpaceEvaluation {
    return {
      ...this.all.finish(),
      nLabelUses: this.nLabelUses,
      outsideVocabulary: this.nLabelUses === 0 ? NaN : this.nOutside / this.nLabelUses,
      slices: Object.fromEntries([...this.slices].map(([name, report]) => [name, report.finish()])),
    };
  }
}
