import { Command } from 'commander';
import { basename, resolve } from 'node:path';
import { SPACES } from '../../core/space.js';
import { readCoverTags } from '../../tags/library/logic-edges.js';
import { MATCH_KINDS } from '../../tags/transfer/name-matcher.js';
import { transferDataset, type TransferReport } from '../../tags/transfer/transfer-dataset.js';
import { transferLines, type SpaceTransfer } from '../../tags/transfer/transfer-report.js';
import type { CommandContext } from '../context.js';
import { planDestination } from '../destination.js';
import { openTagVectors } from '../open-tag-vectors.js';
import { count, figure, percent, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger, share } from '../parse-options.js';
import { progressBar } from '../progress-bar.js';
import { writeLines } from '../write-lines.js';

interface Options extends CommonOptions {
  readonly to: string;
  readonly out: string;
  readonly overwrite?: true;
  readonly threshold: number;
  readonly names?: true;
  readonly encoder?: string;
  readonly report?: string;
  readonly examples: number;
}

export function tagsTransferCommand({ signal }: CommandContext): Command {
  return new Command('transfer')
    .description("map another domain's tags on an existing cover set: by name, else the nearest in meaning")
    .argument('<dataset>', 'data set folder whose tags to map')
    .requiredOption('--to <library>', 'tag library, or any folder with a cover_set.arrow')
    .requiredOption('--out <folder>', 'data set folder to make')
    .option('--overwrite', 'replace a data set that stands there')
    .option('--threshold <cosine>', 'smallest cosine at which the nearest tag is taken', share, 0.7)
    .option('--names', 'by name only: no nearest tags')
    .option('--encoder <folder>', 'static encoder (default: the one that ships)')
    .option('--report <file>', 'write where each tag went, as lines of JSON')
    .option('--examples <n>', 'tags of each kind to show', positiveInteger, 5)
    .addHelpText(
      'after',
      `
Example:
  $ tagdistill tags transfer datasets/questions --to libraries/books --out datasets/questions-as-books`,
    )
    .action(async (dataset: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { to, out, overwrite, threshold, names, encoder, report: reportFile, examples } = options;
      if (reportFile !== undefined) await planDestination(reportFile); // refused before the work, not after it
      const targets = await readCoverTags(to);
      const vectors = names === true ? undefined : await openTagVectors(encoder);
      const bar = progressBar(options);
      const report = await transferDataset(dataset, {
        targets,
        ...(vectors && { near: { vectorOf: vectors.vectorOf, threshold } }),
        out,
        overwrite: overwrite ?? false,
        targetName: basename(resolve(to)),
        onProgress: bar.onProgress,
        signal,
      }).finally(() => bar.stop());
      if (reportFile !== undefined) await writeLines(reportFile, transferLines(report.spaces));
      printReport(report, options, () => lines(report, threshold, examples));
    });
}

function lines(report: TransferReport, threshold: number, nExamples: number): string[] {
  const { dir, nItems, nTaggedBefore, nTaggedAfter, spaces } = report;
  const shown = SPACES.filter((space) => spaces[space] !== undefined);
  return [
    `${dir}: ${count(nItems)} items; ${count(nTaggedBefore)} had tags, ${count(nTaggedAfter)} have tags of the cover set`,
    ...shown.flatMap((space) => ['', ...spaceLines(space, spaces[space]!, threshold, nExamples)]),
  ];
}

function spaceLines(name: string, of: SpaceTransfer, threshold: number, nExamples: number): string[] {
  const { nTags, nUses, nTargets, nTargetsUsed, byKind, similarityQuantiles, tags } = of;
  const examples = MATCH_KINDS.flatMap((kind) => {
    const some = tags.filter((tag) => tag.kind === kind).slice(0, nExamples);
    return some.map(({ tag, uses, target, similarity }) => [
      tag,
      kind === 'none' ? `none (${target ?? '-'})` : (target ?? '-'),
      kind,
      similarity === null ? '-' : similarity.toFixed(2),
      count(uses),
    ]);
  });
  return [
    ...table(
      [`${name} tags`, 'tags', 'share', 'uses', 'share'],
      MATCH_KINDS.map((kind) => [
        kind === 'near' ? `near (cosine >= ${threshold})` : kind,
        count(byKind[kind].nTags),
        percent(byKind[kind].nTags / nTags),
        count(byKind[kind].nUses),
        percent(byKind[kind].nUses / nUses),
      ]),
    ),
    `${count(nTargetsUsed)} of ${count(nTargets)} tags of the cover set are used`,
    ...(similarityQuantiles.length === 0
      ? []
      : [
          '',
          ...table(
            [
              'nearest tag, where no name fits',
              ...similarityQuantiles.map(({ share: of }) => percent(of).replace('.0', '')),
            ],
            [['cosine', ...similarityQuantiles.map(({ similarity }) => figure(similarity))]],
          ),
        ]),
    '',
    ...table([`${name} tag`, 'goes to', 'by', 'cosine', 'uses'], examples),
  ];
}
