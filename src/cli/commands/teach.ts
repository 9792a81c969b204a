import { Command } from 'commander';
import { planTeacher, replayAnswers, runTeacher, runTeacherBatch } from '../../../teacher/index.js';
import type { TagdistillError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';
import { printProblems, printReport, problemsForJson } from '../output.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';
import { addBatchOptions, batchLines, runBatchOptions, type TeachBatchOptions } from '../teach-batch.js';
import { addTeachOptions, runOptions, type TeachOptions } from '../teach-options.js';
import { dataSetLines, printFailures, runLines } from '../teach-output.js';
import { planLines } from '../teach-plan-output.js';

const HELP = `
What was answered is kept in a journal beside the data set: the same command, run again, asks only what is new. On
Ctrl-C calls in flight still end, as they are paid; a second one ends at once. Questions that failed are listed, do
not change the exit code, and are asked again by the next run; --overwrite takes its data set in place of the last.

A recorded item2tag answer is a line {"id","sample","raw"}, a tag2tag answer {"source","direction","sample","raw"};
raw is the text of the answer as it came.

Examples:
  $ tagdistill teach --items books.jsonl --kind book --model qwen2.5:7b --base-url http://localhost:11434/v1 --out books
  $ tagdistill teach --items books.jsonl --model gpt-4o-mini --prices prices.yaml --plan --out books
  $ tagdistill teach --items books.jsonl --model gpt-4o-mini --prices prices.yaml --budget 20 --samples 3 --out books
  $ tagdistill teach --items books.jsonl --model gpt-4o-mini --prices prices.yaml --batch --out books
  $ tagdistill teach --items books.jsonl --model small --strong-model large --tasks item2tag,i2u,u2i --out books
  $ tagdistill teach --replay datasets/books/calls.arrow --items datasets/books/items.arrow --out replayed`;

export function teachCommand(context: CommandContext): Command {
  return addBatchOptions(
    addTeachOptions(
      new Command('teach').description(
        'make a data set of the tags that a teacher LLM gives, or gave, to items',
      ),
    ),
  )
    .addHelpText('after', HELP)
    .action(async (options: TeachBatchOptions) => {
      if (options.replay !== undefined) await replay(options, options.replay, context);
      else if (options.plan === true) await plan(options, context);
      else if (options.batch === true) await runInBatches(options, context);
      else await run(options, context);
    });
}

async function runInBatches(options: TeachBatchOptions, { signal }: CommandContext): Promise<void> {
  const given = { ...runBatchOptions(options, process.env), onNotice: notices(options), signal };
  const report = await withBar(options, (onProgress) => runTeacherBatch({ ...given, onProgress }));
  printFailures(report, options);
  print(report, options, () => [...runLines(report), ...batchLines(report)]);
}

async function run(options: TeachOptions, { signal }: CommandContext): Promise<void> {
  const given = { ...runOptions(options, process.env), onNotice: notices(options), signal };
  const report = await withBar(options, (onProgress) => runTeacher({ ...given, onProgress }));
  printFailures(report, options);
  print(report, options, () => runLines(report));
}

function notices({ json, quiet }: TeachOptions): (text: string) => void {
  return (text) => {
    if (json !== true && quiet !== true) process.stderr.write(`${text}\n`);
  };
}

async function plan(options: TeachBatchOptions, { signal }: CommandContext): Promise<void> {
  const given = { ...runOptions(options, process.env), signal };
  const isBatch = options.batch === true;
  const report = await withBar(options, (onProgress) => planTeacher({ ...given, onProgress }, { isBatch }));
  print(report, options, () => planLines(report));
}

async function replay(
  options: TeachOptions,
  answers: readonly string[],
  { signal }: CommandContext,
): Promise<void> {
  const { items, strict, overwrite, out, validationShare, testShare, seed } = options;
  const given = {
    answers,
    out,
    splits: { validationShare, testShare, seed },
    strict: strict ?? false,
    overwrite: overwrite ?? false,
    signal,
    ...(items !== undefined && { items }),
  };
  const report = await withBar(options, (onProgress) => replayAnswers({ ...given, onProgress }));
  print(report, options, () => dataSetLines(report));
}

interface Reported {
  readonly nProblems: number;
  readonly problems: readonly TagdistillError[];
}

/** Do long work with a progress bar, then tell which rows it left out. */
async function withBar<R extends Reported>(
  options: TeachOptions,
  work: (onProgress: OnProgress) => Promise<R>,
): Promise<R> {
  const bar = progressBar(options);
  const report = await work(bar.onProgress).finally(() => bar.stop());
  printProblems(report.nProblems, report.problems, options);
  return report;
}

function print(report: Reported, options: TeachOptions, lines: () => readonly string[]): void {
  printReport({ ...report, problems: problemsForJson(report.problems) }, options, lines);
}
