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
  /** nDCG@10 with the band's labels alone as truth, in the whole ranking. */
  readonly ndcg: number;
}

/** Labels whose tag has a training count within [from, to]: how many uses, and the share found in the top 10. */
export interface FrequencyPoint {
  readonly from: number;
  readonly to: number;
  readonly nUses: number;
  readonly shareFound: number;
}

const K = 10;

/** Adds up how well labels are found by how often training showed their tag; memory does not grow with items. */
export class FrequencyFigures {
  private nUses = 0;
  private readonly byBand = new Map(
    FREQUENCY_BANDS.map((band) => [band, { nUses: 0, recall: new Mean(), ndcg: new Mean() }]),
  );
  private readonly uses: number[] = []; // [step]
  private readonly found: number[] = []; // [step]

  add(ranking: readonly string[], truth: ReadonlySet<string>, countOf: (tag: string) => number): void {
    const top = new Set(ranking.slice(0, K));
    const truths = new Map<FrequencyBand, Set<string>>();
    for (const tag of truth) {
      const count = countOf(tag);
      const step = stepOf(count);
      this.nUses++;
      this.uses[step] = (this.uses[step] ?? 0) + 1;
      if (top.has(tag)) this.found[step] = (this.found[step] ?? 0) + 1;
      const band = frequencyBand(count);
      const ofBand = truths.get(band);
      if (ofBand === undefined) truths.set(band, new Set([tag]));
      else ofBand.add(tag);
    }
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

  /** Steps of the training count 0, 1, 2, 3-4, 5-8, 9-16 and so on; those that no label falls into are left out. */
  curve(): FrequencyPoint[] {
    return Array.from(this.uses, (nUses = 0, step) => {
      const to = step === 0 ? 0 : 2 ** (step - 1);
      const from = step < 2 ? to : 2 ** (step - 2) + 1;
      return { from, to, nUses, shareFound: (this.found[step] ?? 0) / nUses };
    }).filter(({ nUses }) => nUses > 0);
  }
}

/** 0, 1, 2, 3-4, 5-8, ... as 0, 1, 2, 3, 4, ... */
function stepOf(count: number): number {
  return count === 0 ? 0 : 1 + Math.ceil(Math.log2(count));
}
