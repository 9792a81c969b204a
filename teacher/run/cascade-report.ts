import type { CallRow } from '../../src/dataset/rows.js';
import type { CascadeTally } from './source-asker.js';

/** How the cheap and the strong model shared the work. */
export interface CascadeReport {
  readonly strongModel: string;
  /** Sources settled: items and source tags. */
  readonly nSources: number;
  readonly nEscalated: number;
  /** NaN without sources. */
  readonly shareEscalated: number;
  /** Mean agreement of the cheap samples; NaN where there are none to compare. */
  readonly meanAgreement: number;
  /**
   * What the answers of the strong model would have cost for all sources, by the mean of those that it gave; null
   * where it has no price or gave none.
   */
  readonly allStrongMicrousd: number | null;
  /** What the answers about these sources did cost, earlier runs included; null without prices. */
  readonly costMicrousd: number | null;
}

/** What the answers of a data set cost, by the model's part in the cascade. */
export class CascadeCosts {
  private readonly cheap = { n: 0, microusd: 0 };
  private readonly strong = { n: 0, microusd: 0 };

  /** @param samples calls from this sample on are the strong model's */
  constructor(private readonly samples: number) {}

  add({ sample, cost_microusd: microusd }: CallRow): void {
    if (microusd === null) return;
    const part = sample < this.samples ? this.cheap : this.strong;
    part.n++;
    part.microusd += microusd;
  }

  /** Null where no answer has a price. */
  get allMicrousd(): number | null {
    return this.cheap.n + this.strong.n === 0 ? null : this.cheap.microusd + this.strong.microusd;
  }

  /** Mean of the strong model's answers; null where none has a price. */
  get strongMeanMicrousd(): number | null {
    return this.strong.n === 0 ? null : this.strong.microusd / this.strong.n;
  }
}

/** Put the share of the strong model and the costs together, over items and source tags. */
export function cascadeReport(
  tallies: readonly CascadeTally[],
  costs: CascadeCosts,
  { strongModel, strongSamples }: { readonly strongModel: string; readonly strongSamples: number },
): CascadeReport {
  const sum = (of: (tally: CascadeTally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const nSources = sum((tally) => tally.nSources);
  const nEscalated = sum((tally) => tally.nEscalated);
  const mean = costs.strongMeanMicrousd;
  return {
    strongModel,
    nSources,
    nEscalated,
    shareEscalated: nEscalated / nSources,
    meanAgreement: sum((tally) => tally.agreementSum) / sum((tally) => tally.nCompared),
    allStrongMicrousd: mean === null ? null : Math.round(mean * strongSamples * nSources),
    costMicrousd: costs.allMicrousd,
  };
}
