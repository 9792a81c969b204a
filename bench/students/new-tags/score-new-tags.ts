import { SPACES, type Space } from '../../../src/core/space.js';
import { mean } from '../../../src/metrics/mean.js';
import { ndcg } from '../../../src/metrics/ndcg.js';
import { recall } from '../../../src/metrics/recall.js';
import type { BenchSplit } from '../data/bench-split.js';
import { pairedDifference, type PairedDifference } from '../paired-difference.js';
import { expectedNdcg, expectedRecall } from './expected-at-random.js';
import { newTruth } from './hold-out.js';
import { RANKERS, TOP_K, type NewTagsRun, type Ranker } from './rank-new-tags.js';

const RANKER_NAMES = Object.keys(RANKERS) as Ranker[];

/** Means over the seeds of each seed's mean over items that have a held-out tag. */
export interface NewTagsFigures {
  readonly ndcg: number;
  readonly recall: number;
}

export interface NewTagsSpace {
  /** A seed each. */
  readonly nTags: readonly number[];
  readonly nItems: readonly number[];
  readonly rankers: Readonly<Record<Ranker, NewTagsFigures>>;
  /** Expected of an order drawn at random. */
  readonly random: NewTagsFigures;
  /** Student less cosine. */
  readonly toCosine: Readonly<Record<keyof NewTagsFigures, PairedDifference>>;
}

/** Values of one seed and ranker, shape [test items], NaN for items without a held-out tag. */
type ItemFigures = Readonly<Record<keyof NewTagsFigures, Float32Array>>;

/** Measure rankings of held-out tags: the held-out tags of an item are its whole truth. */
export function scoreNewTags(
  seeds: readonly { readonly split: BenchSplit; readonly run: NewTagsRun }[],
): Partial<Record<Space, NewTagsSpace>> {
  const spaces: Partial<Record<Space, NewTagsSpace>> = {};
  for (const space of SPACES) {
    if (seeds.some(({ run }) => run[space] === undefined)) continue;
    const scored = seeds.map(({ split, run }) => ({ split, ...scoreSeed(split, run, space) }));
    const meansOf = (of: (seed: (typeof scored)[number]) => ItemFigures): NewTagsFigures => ({
      ndcg: mean(scored.map((seed) => mean(of(seed).ndcg).value)).value,
      recall: mean(scored.map((seed) => mean(of(seed).recall).value)).value,
    });
    const valuesOf = (ranker: Ranker, metric: keyof NewTagsFigures) =>
      scored.map(({ split, rankers }) => ({
        groups: split.test.map(({ id, group }) => group ?? id),
        values: rankers[ranker][metric],
      }));
    const toCosine = (metric: keyof NewTagsFigures): PairedDifference =>
      pairedDifference(valuesOf('student', metric), valuesOf('cosine', metric));
    spaces[space] = {
      nTags: seeds.map(({ run }) => run[space]!.heldOut.length),
      nItems: scored.map(({ random }) => mean(random.ndcg).n),
      rankers: ofEach((ranker) => meansOf(({ rankers }) => rankers[ranker])),
      random: meansOf(({ random }) => random),
      toCosine: { ndcg: toCosine('ndcg'), recall: toCosine('recall') },
    };
  }
  return spaces;
}

function scoreSeed(
  { test }: BenchSplit,
  run: NewTagsRun,
  space: Space,
): { readonly rankers: Readonly<Record<Ranker, ItemFigures>>; readonly random: ItemFigures } {
  const { heldOut, rankings } = run[space]!;
  const known = new Set(heldOut);
  const truths = test.map((item) => newTruth(item, space, known));
  const figures = (of: (truth: ReadonlySet<string>, i: number) => NewTagsFigures): ItemFigures => {
    const perItem = truths.map((truth, i) => (truth.size === 0 ? { ndcg: NaN, recall: NaN } : of(truth, i)));
    return {
      ndcg: Float32Array.from(perItem, (item) => item.ndcg),
      recall: Float32Array.from(perItem, (item) => item.recall),
    };
  };
  const k = TOP_K;
  return {
    rankers: ofEach((ranker) =>
      figures((truth, i) => {
        const ranking = rankings[ranker][i]!;
        return { ndcg: ndcg(ranking, truth, { k }), recall: recall(ranking, truth, { k }) };
      }),
    ),
    random: figures((truth) => ({
      ndcg: expectedNdcg(truth.size, heldOut.length, k),
      recall: expectedRecall(heldOut.length, k),
    })),
  };
}

function ofEach<T>(of: (ranker: Ranker) => T): Record<Ranker, T> {
  return Object.fromEntries(RANKER_NAMES.map((ranker) => [ranker, of(ranker)])) as Record<Ranker, T>;
}
