import { CalibrationSample } from '../metrics/calibration-sample.js';
import { coverage } from '../metrics/coverage.js';
import { AgreementReport } from '../metrics/agreement-report.js';
import { Exposure } from '../metrics/exposure.js';
import type { FrequencyBand } from '../metrics/frequency-band.js';
import { gini } from '../metrics/gini.js';
import { Mean } from '../metrics/mean.js';
import { novelty } from '../metrics/novelty.js';
import { propensity } from '../metrics/propensity.js';
import { PropensityMean } from '../metrics/propensity-mean.js';
import { psNdcg, psPrecision } from '../metrics/propensity-score.js';
import { RANKING_METRICS, RankingReport, type RankingFigures } from '../metrics/ranking-report.js';
import type { ReliabilityBin } from '../metrics/reliability.js';
import { FrequencyCurve, type FrequencyPoint } from './frequency-curve.js';
import { FrequencyFigures, type BandFigures } from './frequency-figures.js';
import { SliceReports } from './slice-reports.js';
import type { TagFrequencies } from './tag-frequencies.js';
import { ThresholdCurve, type CurvePoint } from './threshold-curve.js';
import { WorstExamples, type Example, type ExampleItem } from './worst-examples.js';

/** Everything that is measured of a student in one space. */
export interface SpaceEvaluation extends RankingFigures {
  /** All uses of a tag over the items, repeats in one item counted once. */
  readonly nLabelUses: number;
  /** Share of those uses whose tag the student cannot name. */
  readonly outsideVocabulary: number;
  readonly slices: Readonly<Record<string, RankingFigures>>;
  /** Ratios to the best achievable; NaN where the number of training items is not known. */
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

export interface TallyItem extends ExampleItem {
  readonly slice?: string | undefined;
  /** The teacher's second answer, best first. */
  readonly second?: readonly string[] | undefined;
}

/** Adds up all figures of one space, an item at a time; memory grows by 76 bytes an item. */
export class SpaceTally {
  nLabelUses = 0;
  private nOutside = 0;
  private nSecond = 0;
  private readonly all = new RankingReport<string>({ keep: RANKING_METRICS });
  private readonly slices = new SliceReports();
  private readonly psp = new PropensityMean();
  private readonly psndcg = new PropensityMean();
  private readonly byFrequency = new FrequencyFigures();
  private readonly calibration = new CalibrationSample<string>({ k: 5 });
  private readonly curve = new ThresholdCurve();
  private readonly frequency = new FrequencyCurve();
  private readonly exposure = new Exposure<string>({ k: 10 });
  private readonly novelty = new Mean();
  private readonly agreement = new AgreementReport<string>({ keep: ['nDCG@5', 'nDCG@10'] });
  private readonly worst = new WorstExamples();

  /**
   * @param vocabulary the tags that the student can name
   * @param frequencies training counts, the same for all students that are compared
   */
  constructor(
    private readonly vocabulary: ReadonlySet<string>,
    private readonly frequencies: TagFrequencies,
  ) {}

  add(item: TallyItem): void {
    const { truth, scores, slice, second } = item;
    const ranking = scores.map(({ tag }) => tag);
    const countOf = (tag: string): number => this.frequencies.uses.get(tag) ?? 0;
    this.nLabelUses += truth.size;
    for (const tag of truth) if (!this.vocabulary.has(tag)) this.nOutside++;
    this.all.add(ranking, truth);
    this.exposure.add(ranking);
    this.byFrequency.add(ranking, truth, countOf);
    this.addByTrainingSize(ranking, truth, countOf);
    this.calibration.add(ranking, truth, { probabilities: scores.map(({ score }) => score) });
    this.curve.add(scores, truth);
    this.frequency.add(scores, truth, countOf);
    this.worst.add(item, ranking);
    if (second !== undefined) {
      this.nSecond++;
      this.agreement.add(ranking, truth, { second });
    }
    if (slice !== undefined) this.slices.add(slice, ranking, truth);
  }

  private addByTrainingSize(
    ranking: readonly string[],
    truth: ReadonlySet<string>,
    countOf: (tag: string) => number,
  ): void {
    const { nTraining } = this.frequencies;
    if (nTraining === null) return;
    const propensityOf = (tag: string): number => propensity(countOf(tag), nTraining);
    this.psp.add(psPrecision(ranking, truth, { k: 5, propensityOf }));
    this.psndcg.add(psNdcg(ranking, truth, { k: 5, propensityOf }));
    this.novelty.add(novelty(ranking, { countOf, nItems: nTraining }));
  }

  finish(): SpaceEvaluation {
    const { teacher, studentWhereRepeated } = this.agreement.finish();
    return {
      ...this.all.finish(),
      nLabelUses: this.nLabelUses,
      outsideVocabulary: this.nLabelUses === 0 ? NaN : this.nOutside / this.nLabelUses,
      slices: this.slices.finish(),
      propensity: { 'PSP@5': this.psp.ratio, 'PSnDCG@5': this.psndcg.ratio },
      bands: this.byFrequency.bands(),
      frequency: this.frequency.points(),
      calibration: {
        'ECE@5': this.calibration.error(),
        bins: this.calibration.bins({ nBins: 10 }),
      },
      curve: this.curve.points(),
      diversity: {
        'Coverage@10': coverage(this.exposure, { nLabels: this.vocabulary.size }),
        'Gini@10': gini(this.exposure, { nLabels: this.vocabulary.size }),
        'novelty@10': this.novelty.value,
      },
      selfAgreement: this.nSecond === 0 ? null : { teacher, student: studentWhereRepeated },
      examples: this.worst.list(),
    };
  }
}
