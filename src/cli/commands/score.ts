import { Command, Option } from 'commander';
import { TagdistillError } from '../../core/errors.js';
import { SPACES, type Space } from '../../core/space.js';
import { RowProblems } from '../../dataset/row-problems.js';
import { Scorer } from '../../runtime/scorer.js';
import type { TextScores } from '../../runtime/scores.js';
import { LineWriter } from '../line-writer.js';
import {
  count,
  figure,
  printProblems,
  printReport,
  problemsForJson,
  seconds,
  table,
  type CommonOptions,
} from '../output.js';
import { positiveInteger, share } from '../parse-options.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';
import { readScoreRows } from '../score-rows.js';

interface Options extends CommonOptions {
  readonly items?: string;
  readonly text?: string;
  readonly out?: string;
  readonly topK: number;
  readonly threshold: number;
  readonly space?: Space;
  readonly hub?: string;
  readonly strict?: true;
}

export function scoreCommand({ signal }: CommandContext): Command {
  return new Command('score')
    .description('name the tags of items with a student, as JSON Lines in the order of the input')
    .argument('<bundle>', 'bundle folder')
    .option(
      '--items <file>',
      'rows {"id","text"}: JSONL, CSV, TSV, Parquet or Arrow; - reads JSONL from standard input',
    )
    .option('--text <text>', 'one text, instead of --items')
    .option('--out <file>', 'JSONL file to write (default: standard output)')
    .option('--top-k <n>', 'tags a space', positiveInteger, 20)
    .option('--threshold <p>', 'leave out tags with a lower score', share, 0)
    .addOption(new Option('--space <space>', 'only this space').choices(SPACES))
    .option('--hub <model>', "where the student's sentence encoder is, if not where it was in training")
    .option('--strict', 'stop at the first row that cannot be used')
    .addHelpText(
      'after',
      `
Where the student was trained with given vectors, rows may also have an "embedding", a list of numbers, beside the text
or in its place.

Writes {"id","item_tags":[{"tag","score"}],"user_tags":[{"tag","score"}]}, only the spaces that the student has.
A score is the chance that the teacher would name the tag. With --json, --out gives a summary on standard output; without
--out, rows that were left out are told as one JSON line on standard error.

Examples:
  $ tagdistill score exports/books --text "A young widow restores a vineyard in Tuscany."
  $ tagdistill score exports/books --items in.jsonl --out out.jsonl --top-k 20`,
    )
    .action(async (bundle: string, options: Options) => {
      if ((options.items === undefined) === (options.text === undefined)) {
        throw new TagdistillError('E_BAD_OPTION', 'one of --items and --text is wanted', {
          hint: 'Give --items <file> for many items, --text "..." for one text.',
        });
      }
      if (options.text !== undefined && options.out !== undefined) {
        throw new TagdistillError('E_BAD_OPTION', '--out goes with --items, not with --text', {
          hint: 'Leave --out out; --json prints the tags for programs.',
        });
      }
      if (options.text?.trim() === '') {
        throw new TagdistillError('E_BAD_INPUT', '--text is empty', { hint: 'Give a text with words.' });
      }
      const { hub } = options;
      const scorer = await Scorer.load(bundle, { ...(hub !== undefined && { hubEncoder: hub }) });
      try {
        if (options.text !== undefined) await scoreText(scorer, options.text, options, signal);
        else await scoreFile(scorer, options.items!, options, signal);
      } finally {
        await scorer.close();
      }
    });
}

function scoreOptions({ topK, threshold, space }: Options, signal: AbortSignal) {
  return { topK, threshold, signal, ...(space !== undefined && { space }) };
}

async function scoreText(scorer: Scorer, text: string, options: Options, signal: AbortSignal): Promise<void> {
  const scores = await scorer.score(text, scoreOptions(options, signal));
  const tags = options.space === undefined ? scores : { [options.space]: scores };
  printReport(tagLists(tags), options, () =>
    SPACES.flatMap((space) => {
      const list = tags[space];
      if (list === undefined) return [];
      return table(
        [`${space} tag`, 'score'],
        list.map(({ tag, score }) => [tag, figure(score)]),
      ).concat('');
    }).slice(0, -1),
  );
}

async function scoreFile(
  scorer: Scorer,
  items: string,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const problems = new RowProblems(options.strict ?? false);
  const writer = await LineWriter.open(options.out);
  const bar = progressBar(options.out === undefined ? { quiet: true } : options);
  let nItems = 0;
  try {
    const nDims = scorer.nEmbeddingDims;
    const rows = readScoreRows(items, { problems, signal, ...(nDims > 0 && { nDims }) });
    for await (const { item, scores } of scorer.scoreStream(rows, scoreOptions(options, signal))) {
      await writer.write(JSON.stringify({ id: item.id, ...tagLists(scores) }));
      bar.onProgress({ stage: 'score', done: ++nItems });
    }
    if (nItems === 0) {
      throw new TagdistillError('E_NO_ROWS', `no usable row; ${problems.count} rows have problems`, {
        file: items,
        hint: problems.first[0]?.message ?? 'A row to score is {"id","text"}.',
      });
    }
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  } finally {
    bar.stop();
  }
  const { count: nProblems, first } = problems;
  if (options.out === undefined) {
    // Standard output holds the scores alone, so the problems go to stderr in either form.
    if (options.json === true && nProblems > 0)
      process.stderr.write(`${JSON.stringify({ nProblems, problems: problemsForJson(first) })}\n`);
    printProblems(nProblems, first, options);
    return;
  }
  printProblems(nProblems, first, options);
  const durationMs = performance.now() - started;
  const summary = { out: options.out, nItems, nProblems, problems: problemsForJson(first), durationMs };
  printReport(summary, options, () => [
    `${summary.out}: ${count(nItems)} items in ${seconds(durationMs)} (${count(Math.round(nItems / (durationMs / 1000)))}/s)`,
  ]);
}

function tagLists(scores: TextScores): Record<string, unknown> {
  return Object.fromEntries(
    SPACES.filter((space) => scores[space] !== undefined).map((space) => [`${space}_tags`, scores[space]]),
  );
}
