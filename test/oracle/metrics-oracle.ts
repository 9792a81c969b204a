import { readFileSync } from 'node:fs';

interface Score {
  readonly value: number;
  readonly best: number;
}

interface Bins {
  readonly share: readonly number[];
  readonly mean: readonly number[];
  readonly n: readonly number[];
  readonly error: number;
}

/** Random cases with their figures, as metrics_oracle.py makes them; labels are numbers. */
interface MetricsOracle {
  readonly rankings: readonly {
    readonly ranking: readonly number[];
    readonly labels: readonly (readonly [number, number])[];
    readonly graded: boolean;
    readonly at: Readonly<
      Record<
        string,
        {
          readonly precision: number;
          readonly recall: number;
          readonly ndcg: number;
          readonly reciprocalRank: number;
          readonly sklearnNdcg: number | null;
        }
      >
    >;
  }[];
  readonly propensity: {
    readonly counts: readonly number[];
    readonly nItems: number;
    readonly propensities: Readonly<Record<'default' | 'wikipedia' | 'amazon', readonly number[]>>;
    readonly cases: readonly {
      readonly ranking: readonly number[];
      readonly labels: readonly number[];
      readonly k: number;
      readonly psp: Score;
      readonly psndcg: Score;
    }[];
    readonly ratioAt5: number;
  };
  readonly f1: {
    readonly truth: readonly (readonly number[])[];
    readonly predicted: readonly (readonly number[])[];
    readonly micro: number;
    readonly macro: number;
  };
  readonly reliability: {
    readonly probabilities: readonly number[];
    readonly named: readonly number[];
    readonly bins: Readonly<Record<'width' | 'mass', Bins>>;
  };
  readonly exposure: readonly {
    readonly lists: readonly (readonly number[])[];
    readonly k: number;
    readonly nLabels: number;
    readonly coverage: number;
    readonly recbole: number;
    readonly corrected: number;
  }[];
  readonly lists: {
    readonly tags: readonly (readonly number[])[];
    readonly counts: readonly number[];
    readonly nItems: number;
    readonly cases: readonly {
      readonly ranking: readonly number[];
      readonly novelty: number;
      readonly distance: number;
    }[];
  };
  readonly significance: {
    readonly intervals: readonly {
      readonly a: readonly number[];
      readonly b: readonly number[];
      readonly method: 'percentile' | 'bca';
      readonly low: number;
      readonly high: number;
      readonly standardError: number;
    }[];
    readonly tests: readonly {
      readonly a: readonly number[];
      readonly b: readonly number[];
      readonly p: number;
    }[];
    readonly normal: { readonly z: readonly number[]; readonly cdf: readonly number[] };
  };
}

export const oracle = JSON.parse(
  readFileSync(new URL('./fixtures/metrics.json', import.meta.url), 'utf8'),
) as MetricsOracle;
