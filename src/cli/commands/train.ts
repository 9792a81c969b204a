import { Command, Option } from 'commander';
import { VOCABULARY_KINDS, type VocabularyKind } from '../../tags/vocabulary.js';
import { LOSSES, trainInWorker, type Loss } from '../../../student/index.js';
import { readManifest } from '../../bundle/read-bundle.js';
import { printReport, type CommonOptions } from '../output.js';
import { points, positiveInteger, wholeNumber } from '../parse-options.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';
import { TrainingStart, trainLines } from '../train-output.js';

interface Options extends CommonOptions {
  readonly out: string;
  readonly vocab: VocabularyKind;
  readonly minUses: number;
  readonly seed: number;
  readonly encoder: string;
  readonly hub?: string;
  readonly embeddings: boolean;
  readonly epochs?: number;
  readonly dims?: number;
  readonly hidden?: number;
  readonly loss?: Loss;
  readonly float32?: boolean;
  readonly maxQualityLoss: number;
  readonly resume: boolean;
  readonly threads?: number;
  readonly refit?: boolean;
}

export function trainCommand({ signal }: CommandContext): Command {
  return new Command('train')
    .description('train an item2tag student on a data set and export it as an ONNX bundle')
    .argument('<dataset>', 'data set folder')
    .requiredOption('--out <folder>', 'bundle folder to write; an old bundle there is replaced')
    .addOption(
      new Option('--vocab <kind>', 'tags as given, merged by spelling, or the cover set of the merged')
        .choices(VOCABULARY_KINDS)
        .default('raw'),
    )
    .option('--min-uses <n>', 'leave out tags that fewer training items have', positiveInteger, 1)
    .option('--seed <n>', 'seed of the training', wholeNumber, 7)
    .option(
      '--encoder <folder>',
      'static encoder to read texts with: a folder, `default` for the one that ships, or `none`',
      'default',
    )
    .option(
      '--hub <model>',
      'sentence encoder to read as well: a folder ./models/name, or a name on the hub, downloaded once',
    )
    .option('--no-embeddings', "leave the items' own vectors out, if they have any")
    .option(
      '--epochs <n>',
      'passes that the learning rate is planned for; validation may stop earlier (default: from the data)',
      positiveInteger,
    )
    .option('--dims <n>', 'width of the item embedding (default: from the data)', positiveInteger)
    .option('--hidden <n>', 'width of the residual layer, 0 for none (default: from the data)', wholeNumber)
    .addOption(new Option('--loss <kind>', 'what is trained for (default: from the data)').choices(LOSSES))
    .option('--float32', 'store numbers as float32 instead of int8: up to four times the size')
    .option(
      '--max-quality-loss <points>',
      'fail if int8 loses more in any figure on the validation items, in hundredths',
      points,
      0.5,
    )
    .option('--no-resume', 'start anew, even where a stopped run left a checkpoint')
    .option(
      '--threads <n>',
      'threads of the training (default: the cores there are, at most 4)',
      positiveInteger,
    )
    .option('--refit', 'train again with the validation items at the end (default: below 10,000 items)')
    .option('--no-refit', 'do not')
    .addHelpText(
      'after',
      `
The validation part chooses the number of epochs and the calibration, and tells what int8 costs; the test part is not
read. A run that was stopped goes on from its last checkpoint (<out>.checkpoint) when the command is given again.

Examples:
  $ tagdistill train datasets/books --out exports/books
  $ tagdistill train my-items --out my-student --hub ./models/all-MiniLM-L6-v2 --threads 4
  $ tagdistill train my-items --out my-student --loss bce --hidden 512 --float32`,
    )
    .action(async (dataset: string, options: Options) => {
      const bar = progressBar(options);
      const { out, vocab, minUses, seed, encoder, hub, threads, refit, resume, maxQualityLoss } = options;
      const { epochs, dims, hidden, loss } = options;
      const start = new TrainingStart();
      const report = await trainInWorker({
        dataset,
        out,
        vocab,
        minUses,
        seed,
        encoder,
        ...(hub !== undefined && { hubEncoder: hub }),
        useEmbeddings: options.embeddings,
        settings: {
          ...(epochs !== undefined && { epochs }),
          ...(dims !== undefined && { nDims: dims }),
          ...(hidden !== undefined && { nHidden: hidden }),
          ...(loss !== undefined && { loss }),
        },
        precision: options.float32 === true ? 'float32' : 'int8',
        maxQualityLoss,
        resume,
        ...(refit !== undefined && { refit }),
        onProgress: (event) => {
          start.look(event);
          bar.onProgress(event);
        },
        signal,
        ...(threads !== undefined && { threads }),
      }).finally(() => bar.stop());
      const { isResumed } = start;
      const { encoder: reads } = await readManifest(report.dir);
      printReport({ ...report, isResumed }, options, () => [
        ...(isResumed ? ['went on from the checkpoint of a stopped run'] : []),
        ...trainLines(report, reads),
        `next: tagdistill evaluate ${report.dir} --labels <labels or data set>`,
      ]);
    });
}
