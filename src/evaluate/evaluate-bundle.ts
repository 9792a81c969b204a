import { TagdistillError } from '../core/errors.js';
import type { OnProgress } from '../core/progress.js';
import type { Space } from '../core/space.js';
import { RowProblems } from '../dataset/row-problems.js';
import type { Split } from '../dataset/rows.js';
import { Scorer } from '../runtime/scorer.js';
import { describeCost, measureFacts, type BundleFacts, type TeacherCost } from './bundle-facts.js';
import { evaluateScorer, RANKING_DEPTH, type LabelledRow } from './evaluate-scorer.js';
import type { SpaceEvaluation } from './space-tally.js';
import { readLabelledRows } from './labelled-rows.js';

export interface EvaluateOptions {
  /** Bundle folder. */
  readonly bundle: string;
  /** Labels file as `tagdistill import` takes it, or a data set folder. */
  readonly labels: string;
  /** Part of a data set folder. Default: test. */
  readonly split?: Split;
  /** Field of the items by whose values the figures are also given. */
  readonly sliceBy?: string;
  /** Stop at the first row that cannot be used, instead of counting it. */
  readonly strict?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface EvaluateReport {
  readonly bundle: string;
  readonly labels: string;
  /** Tags are compared as exact strings. */
  readonly labelSpace: 'raw';
  /** The field by whose values the slices are made. */
  readonly sliceBy: string | null;
  readonly nItems: number;
  /** How many tags were ranked: `MRR` looks no deeper. */
  readonly depth: number;
  readonly spaces: Readonly<Partial<Record<Space, SpaceEvaluation>>>;
  /** Size, parameters and speed of the student on this machine. */
  readonly facts: BundleFacts;
  /** What the teacher's answers of the data set cost; null where labels are no data set folder with calls. */
  readonly teacherCost: TeacherCost | null;
  /** Rows left out. */
  readonly nProblems: number;
  readonly problems: readonly TagdistillError[];
}

/**
 * Measure a bundle against labels, in each space that both have; see {@link evaluateScorer} for the rules.
 *
 * @throws TagdistillError `E_NO_ROWS` if no usable row has tags in a space of the student, and what loading and
 *   reading throw
 */
export async function evaluateBundle({
  bundle,
  labels,
  split,
  sliceBy,
  strict = false,
  onProgress,
  signal,
}: EvaluateOptions): Promise<EvaluateReport> {
  const problems = new RowProblems(strict);
  const scorer = await Scorer.load(bundle);
  try {
    const rows = readLabelledRows(labels, {
      problems,
      ...(split !== undefined && { split }),
      ...(sliceBy !== undefined && { sliceBy }),
      ...(signal && { signal }),
    });
    let nItems = 0;
    const sample: string[] = [];
    const spaces = await evaluateScorer(scorer, sampling(rows, sample), {
      ...(signal && { signal }),
      onItem: (done) => {
        nItems = done;
        onProgress?.({ stage: 'evaluate', done });
      },
    });
    if (Object.keys(spaces).length === 0) {
      const first = problems.first[0];
      throw new TagdistillError(
        'E_NO_ROWS',
        `none of the ${nItems} usable rows has ${scorer.spaces.join(' or ')} tags; ${problems.count} rows have problems`,
        {
          file: labels,
          hint: first === undefined ? 'Check the tag columns.' : `The first problem: ${first.message}`,
          cause: first,
        },
      );
    }
    return {
      bundle,
      labels,
      labelSpace: 'raw',
      sliceBy: sliceBy ?? null,
      nItems,
      depth: RANKING_DEPTH,
      spaces,
      facts: await measureFacts(scorer, sample),
      teacherCost: await describeCost(labels),
      nProblems: problems.count,
      problems: problems.first,
    };
  } finally {
    await scorer.close();
  }
}

const SAMPLE_SIZE = 300;

/** Pass rows through, keeping the first texts for timing. */
async function* sampling(rows: AsyncIterable<LabelledRow>, sample: string[]): AsyncGenerator<LabelledRow> {
  for await (const row of rows) {
    if (sample.length < SAMPLE_SIZE) sample.push(row.text);
    yield row;
  }
}
