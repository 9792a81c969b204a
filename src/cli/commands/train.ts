import { Command, Option } from 'commander';
import { SPACES } from '../../core/space.js';
import { VOCABULARY_KINDS, type VocabularyKind } from '../../tags/vocabulary.js';
import { trainInWorker } from '../../../student/index.js';
import { count, figure, megabytes, printReport, seconds, table, type CommonOptions } from '../output.js';
import { positiveInteger, wholeNumber } from '../parse-options.js';
import type { CommandContext } from '../context.js';
import { progressBar } from '../progress-bar.js';

interface Options extends CommonOptions {
  readonly out: string;
  readonly vocab: VocabularyKind;
  readonly minUses: number;
  readonly seed: number;
  readonly epochs?: number;
  readonly dims: number;
  readonly threads?: number;
  readonly refit: boolean;
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
    .option('--epochs <n>', 'at most this many passes (default: from the number of items)', positiveInteger)
    .option('--dims <n>', 'width of the item embedding', positiveInteger, 256)
    .option('--threads <n>', 'threads (default: the cores there are, at most 4)', positiveInteger)
    .option('--no-refit', 'do not train again with the validation items at the end')
    .addHelpText(
      'after',
      `
The validation part chooses the number of epochs and the calibration; the test part is not read.

Example:
  $ tagdistill train datasets/books --out exports/books`,
    )
    .action(async (dataset: string, options: Options) => {
      const bar = progressBar(options);
      const { out, vocab, minUses, seed, epochs, dims, threads, refit } = options;
      const report = await trainInWorker({
        dataset,
        out,
        vocab,
        minUses,
        seed,
        nDims: dims,
        refit,
        onProgress: bar.onProgress,
        signal,
        ...(epochs !== undefined && { epochs }),
        ...(threads !== undefined && { threads }),
      }).finally(() => bar.stop());
      printReport(report, options, () => [
        `${report.dir}: ${megabytes(report.sizeBytes)}, ${count(report.nParameters)} parameters, ${report.epochs} epochs in ${seconds(report.durationMs)}`,
        ...table(
          ['space', 'tags', `nDCG@5 on ${count(report.nValidation)} validation items`],
          SPACES.flatMap((space) => {
            const nTags = report.nTags[space];
            return nTags === undefined ? [] : [[space, count(nTags), figure(report.validation[space])]];
          }),
        ),
        `parity with the trained network: largest difference of a logit ${report.parity.maxDifference.toExponential(1)} over ${report.parity.nTexts} texts`,
        `next: tagdistill evaluate ${report.dir} --labels <labels or data set>`,
      ]);
    });
}
