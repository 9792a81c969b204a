import { TagdistillError } from '../core/errors.js';
import { RankingReport, type RankingFigures } from '../metrics/ranking-report.js';
import type { Truth } from '../metrics/truth.js';

const MOST = 1000;

/** Ranking figures by the value of a field; a field of a value an item, such as an id, is refused. */
export class SliceReports {
  private readonly reports = new Map<string, RankingReport<string>>();

  /** @throws TagdistillError `E_BAD_OPTION` at the 1,001st value */
  add(slice: string, ranking: readonly string[], truth: Truth<string>): void {
    let report = this.reports.get(slice);
    if (report === undefined) {
      if (this.reports.size === MOST) {
        throw new TagdistillError('E_BAD_OPTION', `the field to slice by has more than ${MOST} values`, {
          hint: 'Slice by a field of few values, e.g. a language or a shelf.',
        });
      }
      this.reports.set(slice, (report = new RankingReport<string>()));
    }
    report.add(ranking, truth);
  }

  /** Slices by name, in the order of first use. */
  finish(): Readonly<Record<string, RankingFigures>> {
    return Object.fromEntries([...this.reports].map(([name, report]) => [name, report.finish()]));
  }
}
