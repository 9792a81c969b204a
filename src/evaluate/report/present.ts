import type { Space } from '../../core/space.js';
import type { SpaceComparison } from '../compare-evaluations.js';
import type { Evaluations } from '../evaluate-bundles.js';
import type { SpaceEvaluation } from '../space-tally.js';
import { bundleNames } from './format.js';

/** A bundle that scores a space, with its figures there. */
export interface Present {
  /** Which bundle it is: its colour. */
  readonly place: number;
  /** Not escaped. */
  readonly name: string;
  readonly of: SpaceEvaluation;
  readonly comparison: SpaceComparison;
}

/** The bundles that score a space, in order. */
export function presentIn(space: Space, { reports, comparisons }: Evaluations): Present[] {
  const names = bundleNames(reports);
  return reports.flatMap(({ spaces }, place) => {
    const of = spaces[space];
    const comparison = comparisons[place]?.[space];
    return of === undefined || comparison === undefined
      ? []
      : [{ place, name: names[place]!, of, comparison }];
  });
}
