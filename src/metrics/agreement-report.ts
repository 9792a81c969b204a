import { RankingReport, type RankingFigures, type RankingMetric } from './ranking-report.js';
import type { Truth } from './truth.js';

/** Agreement with the teacher beside the teacher's agreement with itself. */
export interface AgreementFigures {
  /** Student against the teacher's first answer, all items. */
  readonly student: RankingFigures;
  /** The same, only items that have a second answer: compare this one with `teacher`. */
  readonly studentWhereRepeated: RankingFigures;
  /** The teacher's second answer against its first. */
  readonly teacher: RankingFigures;
}

/**
 * Adds up how well a student agrees with the teacher, and how well the teacher agrees with itself
 * where it was asked twice.
 *
 * The teacher's figures are a reference, not a bound: a student that ranks the popular tags first
 * can pass them. Per-item values stay paired, so differences can be tested.
 */
export class AgreementReport<T> {
  private readonly student: RankingReport<T>;
  private readonly studentWhereRepeated: RankingReport<T>;
  private readonly teacher: RankingReport<T>;

  /** @param options.keep metrics whose per-item values are kept */
  constructor(options: { readonly keep?: readonly RankingMetric[] } = {}) {
    this.student = new RankingReport(options);
    this.studentWhereRepeated = new RankingReport(options);
    this.teacher = new RankingReport(options);
  }

  /**
   * Count one item.
   *
   * @param ranking the student's labels, best first
   * @param truth the teacher's first answer
   * @param options.second the teacher's second answer, in its order; left out where it was not asked twice
   */
  add(ranking: readonly T[], truth: Truth<T>, { second }: { readonly second?: readonly T[] } = {}): void {
    this.student.add(ranking, truth);
    if (second === undefined) return;
    this.studentWhereRepeated.add(ranking, truth);
    this.teacher.add(second, truth);
  }

  finish(): AgreementFigures {
    return {
      student: this.student.finish(),
      studentWhereRepeated: this.studentWhereRepeated.finish(),
      teacher: this.teacher.finish(),
    };
  }
}
