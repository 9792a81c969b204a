import { Command } from 'commander';
import type { EncoderManifest } from '../../features/encoder-manifest.js';
import { readStaticEncoder } from '../../features/read-static-encoder.js';
import { distillEncoder } from '../../../student/encoder/distill-encoder.js';
import type { CommandContext } from '../context.js';
import { count, filesTable, percent, printReport, type CommonOptions } from '../output.js';
import { positiveInteger } from '../parse-options.js';
import { progressBar } from '../progress-bar.js';

interface DistillOptions extends CommonOptions {
  readonly out: string;
  readonly dims: number;
  readonly name?: string;
  readonly licence?: string;
  readonly maxTokens: number;
  readonly threads: number;
}

export function encoderCommand(context: CommandContext): Command {
  return new Command('encoder')
    .description('make or look into a static encoder: vectors of tokens that stand in for a sentence encoder')
    .addCommand(withCommonOptions(distillCommand(context)))
    .addCommand(withCommonOptions(inspectCommand()));
}

function distillCommand({ signal }: CommandContext): Command {
  return new Command('distill')
    .description('make a static encoder of a sentence encoder')
    .argument('<model>', 'folder with onnx/model.onnx and tokenizer.json, as transformers.js wants it')
    .requiredOption('--out <folder>', 'encoder folder to write; an old encoder there is replaced')
    .option('--dims <n>', 'numbers a token', positiveInteger, 256)
    .option('--name <name>', "the source's name, for the card (default: its folder's)")
    .option('--licence <id>', "SPDX identifier of the source's licence, for the card")
    .option('--max-tokens <n>', 'tokens of a text that the encoder will read', positiveInteger, 512)
    .option('--threads <n>', 'threads', positiveInteger, 2)
    .addHelpText(
      'after',
      `
Each token of the vocabulary runs through the model alone; then principal components, weights by frequency, int8.
The folder also opens in Python: model2vec.StaticModel.from_pretrained(folder).

Example:
  $ tagdistill encoder distill models/all-MiniLM-L6-v2 --out encoders/minilm --licence Apache-2.0`,
    )
    .action(async (model: string, _: DistillOptions, command: Command) => {
      const options = command.optsWithGlobals<DistillOptions>();
      const { out, dims, name, licence, maxTokens, threads } = options;
      const bar = progressBar(options);
      const manifest = await distillEncoder(model, {
        out,
        nDims: dims,
        name,
        licence,
        maxTokens,
        threads,
        onProgress: bar.onProgress,
        signal,
      }).finally(() => bar.stop());
      printReport({ dir: out, ...manifest }, options, () => describe(out, manifest));
    });
}

function inspectCommand(): Command {
  return new Command('inspect')
    .description('tell what a static encoder is, and whether it is whole')
    .argument('<folder>', 'encoder folder')
    .addHelpText(
      'after',
      `
Example:
  $ tagdistill encoder inspect encoders/minilm`,
    )
    .action(async (dir: string, _: CommonOptions, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { manifest } = await readStaticEncoder(dir);
      printReport({ dir, ...manifest }, options, () => [...describe(dir, manifest), 'every checksum holds']);
    });
}

/** The program adds these to its commands, but their help is only shown where they are a subcommand's own. */
function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output, and errors as JSON')
    .option('-q, --quiet', 'print nothing but errors');
}

function describe(
  dir: string,
  { nTokens, nDims, source, licence, recipe, files }: EncoderManifest,
): string[] {
  return [
    `${dir}: ${count(nTokens)} tokens of ${nDims} numbers, int8, from ${source.name} (${licence ?? 'licence not given'})`,
    `principal components hold ${percent(Number(recipe['explainedVariance']))} of the variance; smallest cosine of a rounded row ${Number(recipe['smallestRowCosine']).toFixed(5)}`,
    ...filesTable(files),
  ];
}
