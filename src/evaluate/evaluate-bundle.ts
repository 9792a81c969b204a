import { TagdistillError } from '../core/errors.js';
import type { OnProgress } from '../core/progress.js';
import type { Space } from '../core/space.js';
import { tablePath } from '../dataset/files.js';
import { RowProblems } from '../dataset/row-problems.js';
import type { Split } from '../dataset/rows.js';
import { Scorer } from '../runtime/scorer.js';
import { measureFacts, type BundleFacts } from './bundle-facts.js';
import { evaluateScorer, RANKING_DEPTH, type LabelledRow } from './evaluate-scorer.js';
import { isThere } from '../core/is-there.js';
import { readLabelledRows } from './labelled-rows.js';
import { scorerInput } from './scorer-input.js';
import type { SpaceEvaluation } from './space-tally.js';
import type { TagFrequencies } from './tag-frequencies.js';
import { describeCost, type TeacherCost } from './teacher-cost.js';

export interface EvaluateOptions {
  /** Bundle folder. */
  readonly bundle: string;
  /** Where the hub encoder of the student is, if not where the manifest says. */
  readonly hubEncoder?: string;
  /** Labels file as `tagdistill import` takes it, or a data set folder. */
  readonly labels: string;
  /** Part of a data set folder. Default: test. */
  readonly split?: Split;
  /** Field of the items by whose values the figures are also given. */
  readonly sliceBy?: string;
  /** Stop at the first row that cannot be used, instead of counting it. */
  readonly strict?: boolean;
  /** Training counts of the tags, by which bands and propensity are reckoned. Default: the bundle's own. */
  readonly frequencies?: Readonly<Partial<Record<Space, TagFrequencies>>>;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface EvaluateReport {
  readonly bundle: string;
  /** The name in the bundle's manifest. */
  readonly name: string;
  readonly labels: string;
  /** Tags are compared as exact strings. */
  readonly labelSpace: 'raw';
  /** The field by whose values the slices are made. */
  readonly sliceBy: string | null;
  readonly nItems: number;
  /** Part of the data set folder; null for a labels file. */
  readonly split: Split | null;
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
 * @throws TagdistillError `E_NO_ROWS` if no usable row has tags in a space of the student, `E_BAD_OPTION` if no item
 *   has the field to slice by, and what loading and reading throw
 */
export async function evaluateBundle({
  bundle,
  hubEncoder,
  labels,
  split,
  sliceBy,
  strict = false,
  frequencies,
  onProgress,
  signal,
}: EvaluateOptions): Promise<EvaluateReport> {
  const problems = new RowProblems(strict);
  const scorer = await Scorer.load(bundle, { ...(hubEncoder !== undefined && { hubEncoder }) });
  try {
    const rows = readLabelledRows(labels, {
      problems,
      ...(split !== undefined && { split }),
      ...(sliceBy !== undefined && { sliceBy }),
      ...(signal && { signal }),
    });
    let nItems = 0;
    const sample: LabelledRow[] = [];
    const spaces = await evaluateScorer(scorer, sampling(rows, sample), {
      ...(frequencies && { frequencies }),
      ...(signal && { signal }),
      onItem: (done) => {
        nItems = done;
        onProgress?.({ stage: 'evaluate', done });
      },
    });
    if (isEmpty(spaces)) {
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
    if (sliceBy !== undefined && Object.values(spaces).every(({ slices }) => isEmpty(slices))) {
      throw new TagdistillError('E_BAD_OPTION', `no item has a field "${sliceBy}" to slice by`, {
        file: labels,
        hint: 'Name a field whose values are texts, numbers or true and false.',
      });
    }
    return {
      bundle,
      name: scorer.manifest.name,
      labels,
      labelSpace: 'raw',
      sliceBy: sliceBy ?? null,
      nItems,
      split: (await isThere(tablePath(labels, 'items'))) ? (split ?? 'test') : null,
      depth: RANKING_DEPTH,
      spaces,
      facts: await measureFacts(
        scorer,
        sample.map((row) => scorerInput(row, scorer)),
      ),
      teacherCost: await describeCost(labels),
      nProblems: problems.count,
      problems: problems.first,
    };
  } finally {
    await scorer.close();
  }
}

const SAMPLE_SIZE = 500;

/** Pass rows through, keeping the first items for timing. */
async function* sampling(
  rows: AsyncIterable<LabelledRow>,
  sample: LabelledRow[],
): AsyncGenerator<LabelledRow> {
  for await (const row of rows) {
    if (sample.length < SAMPLE_SIZE) sample.push(row);
    yield row;
  }
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
