import { Command } from 'commander';
import { SPACES } from '../../core/space.js';
import { runDemo, type DemoReport } from '../demo.js';
import {
  count,
  figure,
  megabytes,
  percent,
  printReport,
  seconds,
  table,
  type CommonOptions,
} from '../output.js';
import { positiveInteger } from '../parse-options.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';
import { INT8_COST, int8Cost, settingsLine } from '../student-lines.js';
import { paint } from '../style.js';

interface Options extends CommonOptions {
  readonly out: string;
  readonly epochs?: number;
}

export function demoCommand({ signal }: CommandContext): Command {
  return new Command('demo')
    .description(
      'run the whole path on the shipped books: answers, tags, cover set, student, scores; no LLM, no network',
    )
    .option('--out <folder>', 'folder for the data set and the student that it makes', 'tagdistill-demo')
    .option('--epochs <n>', 'at most this many passes (default: from the number of items)', positiveInteger)
    .addHelpText(
      'after',
      `
Example:
  $ tagdistill demo --out /tmp/demo`,
    )
    .action(async (options: Options) => {
      const bar = progressBar(options);
      const { out, epochs } = options;
      const report = await runDemo({
        out,
        onProgress: bar.onProgress,
        signal,
        ...(epochs !== undefined && { epochs }),
      }).finally(() => bar.stop());
      printReport(report, options, () => lines(report));
    });
}

function lines({ teach, tags, train, agreement, texts, timing, durationMs, out }: DemoReport): string[] {
  const { bold } = paint(process.stdout);
  const spaces = SPACES.filter((space) => tags[space] !== undefined);
  return [
    bold('1. Replayed the teacher'),
    `${count(teach.nItems)} books and ${count(teach.nAnswers)} recorded answers read, ${count(teach.nUnparseable)} unreadable; ${count(teach.nEdges)} tag-to-tag edges`,
    '',
    bold('2. Tags, and the cover set that holds their growth'),
    ...table(
      ['space', 'uses', 'raw', 'normalised', 'canonical', 'cover set', 'tag recall'],
      spaces.map((space) => {
        const { nUses, nRaw, nNormalised, nCanonical, coverSetSize, recall } = tags[space]!;
        return [space, ...[nUses, nRaw, nNormalised, nCanonical, coverSetSize].map(count), percent(recall)];
      }),
    ),
    '',
    bold('3. Trained and exported a student'),
    `${count(train.nTraining)} training items and ${count(train.nValidation)} validation items, ${train.epochs} epochs, ${seconds(train.durationMs)}; ${count(train.nParameters)} parameters as ${train.precision}, ${megabytes(train.sizeBytes)}`,
    settingsLine(train.settings),
    `${INT8_COST}: ${spaces.map((space) => `${space} tags ${int8Cost(train.quantisation[space])}`).join('; ')}`,
    `parity of the float32 ONNX model with the trained network: largest difference of a logit ${train.parity.maxDifference.toExponential(1)} over ${train.parity.nTexts} texts`,
    '',
    bold('4. Agreement with the teacher on the test books, held out by series or first author'),
    ...table(
      ['', ...spaces.flatMap((space) => [`${space} nDCG@5`, `${space} nDCG@10`, `${space} P@1`])],
      agreement.map(({ name, figures }) => [
        name,
        ...spaces.flatMap((space) => {
          const means = figures[space];
          return [figure(means?.['nDCG@5']), figure(means?.['nDCG@10']), figure(means?.['P@1'])];
        }),
      ]),
    ),
    '',
    bold('5. Three texts that it never saw'),
    ...texts.flatMap(({ text, scores }) => [
      text,
      ...spaces.map((space) => {
        const list = (scores[space] ?? []).map(({ tag, score }) => `${tag} ${score.toFixed(2)}`);
        return `  ${space}: ${list.join(', ')}`;
      }),
    ]),
    '',
    bold('6. Speed'),
    `one call, one thread, one text: median ${timing.medianMs.toFixed(2)} ms, p99 ${timing.p99Ms.toFixed(2)} ms over ${count(timing.nCalls)} calls; in lists ${count(Math.round(timing.textsPerSecond))} texts/s`,
    '',
    `all of it in ${seconds(durationMs)}. The data set and the student are in ${out}; try`,
    `  npx tagdistill score ${out}/student --text "..."`,
  ];
}
