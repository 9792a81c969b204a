import { FREQUENCY_BANDS, frequencyBand, type FrequencyBand } from '../metrics/frequency-band.js';
import { Mean } from '../metrics/mean.js';
import { ndcg } from '../metrics/ndcg.js';
import { recall } from '../metrics/recall.js';

/** How well tags of one frequency band are found; each value is a mean over the items that have such a tag. */
export interface BandFigures {
  /** Share of all label uses that fall into the band. */
  readonly shareOfUses: number;
  /** Items that have a label of the band. */
  readonly nItems: number;
  /** Recall@10 of the band's labels in the whole ranking; NaN where no item has one. */
  readonly recall: number;
  /** nDCG@10 of the whole ranking with the band's labels alone as truth. */
  readonly ndcg: number;
}

const K = 10;

/** Adds up how well labels are found by the band of their tag; memory does not grow with items. */
export class FrequencyFigures {
  private nUses = 0;
  private readonly byBand = new Map(
    FREQUENCY_BANDS.map((band) => [band, { nUses: 0, recall: new Mean(), ndcg: new Mean() }]),
  );

  add(ranking: readonly string[], truth: ReadonlySet<string>, countOf: (tag: string) => number): void {
    const truths = new Map<FrequencyBand, Set<string>>();
    for (const tag of truth) {
      const band = frequencyBand(countOf(tag));
      const ofBand = truths.get(band);
      if (ofBand === undefined) truths.set(band, new Set([tag]));
      else ofBand.add(tag);
    }
    this.nUses += truth.size;
    for (const [band, labels] of truths) {
      const figures = this.byBand.get(band)!;
      figures.nUses += labels.size;
      figures.recall.add(recall(ranking, labels, { k: K }));
      figures.ndcg.add(ndcg(ranking, labels, { k: K }));
    }
  }

  bands(): Readonly<Record<FrequencyBand, BandFigures>> {
    const entries = [...this.byBand].map(([band, { nUses, recall: found, ndcg: gain }]) => {
      const figures = { shareOfUses: nUses / this.nUses, nItems: found.n };
      return [band, { ...figures, recall: found.value, ndcg: gain.value }] as const;
    });
    return Object.fromEntries(entries) as Record<FrequencyBand, BandFigures>;
  }
}
