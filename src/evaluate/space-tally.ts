import { CalibrationSample } from '../metrics/calibration-sample.js';
import { coverage } from '../metrics/coverage.js';
import { AgreementReport } from '../metrics/agreement-report.js';
import { Exposure } from '../metrics/exposure.js';
import {
  FREQUENCY_BANDS,
  frequencyBand,
  restrictTruth,
  type FrequencyBand,
} from '../metrics/frequency-band.js';
import { gini } from '../metrics/gini.js';
import { Mean } from '../metrics/mean.js';
import { novelty } from '../metrics/novelty.js';
import { propensity } from '../metrics/propensity.js';
import { PropensityMean } from '../metrics/propensity-mean.js';
import { psNdcg, psPrecision } from '../metrics/propensity-score.js';
import { RankingReport, type RankingFigures } from '../metrics/ranking-report.js';
import { recall } from '../metrics/recall.js';
import type { ReliabilityBin } from '../metrics/reliability.js';
import type { TagScore } from '../runtime/scores.js';
import { FrequencyCurve, type FrequencyPoint } from './frequency-curve.js';
import { ThresholdCurve, type CurvePoint } from './threshold-curve.js';
import { WorstExamples, type Example } from './worst-examples.js';

/** Tags of one frequency band: how many label uses it has, and how many of them are found. */
export interface BandFigures {
  readonly shareOfUses: number;
  /** Recall@10 of the band's labels; NaN where no item has one. */
  readonly recall: number;
}

/** Everything that is measured of a student in one space. */
export interface SpaceEvaluation extends RankingFigures {
  /** All uses of a tag over the items, repeats in one item counted once. */
  readonly nLabelUses: number;
  /** Share of those uses whose tag the student cannot name. */
  readonly outsideVocabulary: number;
  readonly slices: Readonly<Record<string, RankingFigures>>;
  /** Ratios to the best achievable. */
  readonly propensity: Readonly<Record<'PSP@5' | 'PSnDCG@5', number>>;
  readonly bands: Readonly<Record<FrequencyBand, BandFigures>>;
  /** Recall@10 over label uses, by how often training saw the tag. */
  readonly frequency: readonly FrequencyPoint[];
  readonly calibration: { readonly 'ECE@5': number; readonly bins: readonly ReliabilityBin[] };
  readonly curve: readonly CurvePoint[];
  readonly diversity: Readonly<Record<'Coverage@10' | 'Gini@10' | 'novelty@10', number>>;
  /** The teacher's second answer against its first, and the student on the same items; null without second answers. */
  readonly selfAgreement: { readonly teacher: RankingFigures; readonly student: RankingFigures } | null;
  /** Items where student and teacher differ most. */
  readonly examples: readonly Example[];
}

export interface TallyItem {
  readonly id: string;
  readonly text: string;
  readonly truth: ReadonlySet<string>;
  readonly scores: readonly TagScore[];
  readonly slice?: string | undefined;
  /** The teacher's second answer, best first. */
  readonly second?: readonly string[] | undefined;
}

/** Adds up all figures of one space, an item at a time; memory grows by some 60 bytes an item. */
export class SpaceTally {
  nLabelUses = 0;
  private nOutside = 0;
  private nSecond = 0;
  private readonly all = new RankingReport<string>({ keep: ['P@1', 'nDCG@5', 'nDCG@10'] });
  private readonly slices = new Map<string, RankingReport<string>>();
  private readonly psp = new PropensityMean();
  private readonly psndcg = new PropensityMean();
  private readonly bandUses = new Map<FrequencyBand, number>();
  private readonly bandRecall = new Map(FREQUENCY_BANDS.map((band) => [band, new Mean()]));
  private readonly calibration = new CalibrationSample<string>({ k: 5 });
  private readonly curve = new ThresholdCurve();
  private readonly frequency = new FrequencyCurve();
  private readonly exposure = new Exposure<string>({ k: 10 });
  private readonly novelty = new Mean();
  private readonly agreement = new AgreementReport<string>();
  private readonly worst = new WorstExamples();

  /**
   * @param uses training items that have each tag of the vocabulary
   * @param nTraining all training items
   */
  constructor(
    private readonly uses: ReadonlyMap<string, number>,
    private readonly nTraining: number,
  ) {}

  add({ id, text, truth, scores, slice, second }: TallyItem): void {
    const ranking = scores.map(({ tag }) => tag);
    const probabilities = scores.map(({ score }) => score);
    const countOf = (tag: string): number => this.uses.get(tag) ?? 0;
    const propensityOf = (tag: string): number => propensity(countOf(tag), this.nTraining);
    const bandOf = (tag: string): FrequencyBand => frequencyBand(countOf(tag));
    this.nLabelUses += truth.size;
    this.all.add(ranking, truth);
    this.exposure.add(ranking);
    this.novelty.add(novelty(ranking, { countOf, nItems: this.nTraining }));
    for (const tag of truth) {
      if (!this.uses.has(tag)) this.nOutside++;
      this.bandUses.set(bandOf(tag), (this.bandUses.get(bandOf(tag)) ?? 0) + 1);
    }
    for (const [band, mean] of this.bandRecall) {
      mean.add(recall(ranking, restrictTruth(truth, { keep: (tag) => bandOf(tag) === band }), { k: 10 }));
    }
    this.psp.add(psPrecision(ranking, truth, { k: 5, propensityOf }));
    this.psndcg.add(psNdcg(ranking, truth, { k: 5, propensityOf }));
    this.calibration.add(ranking, truth, { probabilities });
    this.curve.add(scores, truth);
    this.frequency.add(scores, truth, countOf);
    this.worst.add({ id, text, truth, scores });
    if (second !== undefined) {
      this.nSecond++;
      this.agreement.add(ranking, truth, { second });
    }
    if (slice === undefined) return;
    let report = this.slices.get(slice);
    if (report === undefined) this.slices.set(slice, (report = new RankingReport<string>()));
    report.add(ranking, truth);
  }

  finish(): SpaceEvaluation {
    const bands = FREQUENCY_BANDS.map((band): [FrequencyBand, BandFigures] => {
      const shareOfUses = (this.bandUses.get(band) ?? 0) / this.nLabelUses;
      return [band, { shareOfUses, recall: this.bandRecall.get(band)!.value }];
    });
    const { teacher, studentWhereRepeated } = this.agreement.finish();
    return {
      ...this.all.finish(),
      nLabelUses: this.nLabelUses,
      outsideVocabulary: this.nLabelUses === 0 ? NaN : this.nOutside / this.nLabelUses,
      slices: Object.fromEntries([...this.slices].map(([name, report]) => [name, report.finish()])),
      propensity: { 'PSP@5': this.psp.ratio, 'PSnDCG@5': this.psndcg.ratio },
      bands: Object.fromEntries(bands) as Record<FrequencyBand, BandFigures>,
      frequency: this.frequency.points(),
      calibration: {
        'ECE@5': this.calibration.error(),
        bins: this.calibration.bins({ nBins: 10 }),
      },
      curve: this.curve.points(),
      diversity: {
        'Coverage@10': coverage(this.exposure, { nLabels: this.uses.size }),
        'Gini@10': gini(this.exposure, { nLabels: this.uses.size }),
        'novelty@10': this.novelty.value,
      },
      selfAgreement: this.nSecond === 0 ? null : { teacher, student: studentWhereRepeated },
      examples: this.worst.list(),
    };
  }
}
