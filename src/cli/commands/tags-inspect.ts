import { Command } from 'commander';
import { basename, resolve } from 'node:path';
import { SPACES, type Space } from '../../core/space.js';
import { inspectTags, type SpaceInspection, type TagInspection } from '../../tags/library/inspect-tags.js';
import type { CommandContext } from '../context.js';
import { count, percent, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger, share } from '../parse-options.js';
import { tagsPage } from '../tags-page.js';
import { visible } from '../visible.js';
import { writeWholeFile } from '../write-whole-file.js';

interface Options extends CommonOptions {
  readonly tau: number;
  readonly depths: number;
  readonly top: number;
  readonly html?: string;
}

export function tagsInspectCommand({ signal }: CommandContext): Command {
  return new Command('inspect')
    .description('look at the tags: growth, frequency law, top and tail, merges, cover set by depth')
    .argument('<folder>', 'tag library or data set')
    .option('--tau <share>', 'share of the items that cover sets must cover', share, 0.99)
    .option('--depths <n>', 'size cover sets at depths 1 to n', positiveInteger, 10)
    .option('--top <n>', 'tags to list at the top and the tail, and merges', positiveInteger, 10)
    .option('--html <file>', 'also write a page with plots')
    .addHelpText(
      'after',
      `
Example:
  $ tagdistill tags inspect datasets/books --html tags.html`,
    )
    .action(async (folder: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { tau, depths, top, html } = options;
      const inspection = await inspectTags(folder, { tau, maxDepth: depths, top, signal });
      if (html !== undefined) await writeWholeFile(html, tagsPage(basename(resolve(folder)), inspection));
      printReport({ dir: folder, ...inspection }, options, () => [
        ...lines(folder, inspection),
        ...(html === undefined ? [] : ['', `wrote ${html}`]),
      ]);
    });
}

function lines(folder: string, { kind, tau, spaces }: TagInspection): string[] {
  const present = SPACES.flatMap((space) => (spaces[space] ? [{ space, of: spaces[space] }] : []));
  return [
    `${kind === 'dataset' ? 'data set' : kind} ${folder}`,
    ...table(
      [
        'space',
        'items',
        'raw',
        'canonical',
        'on one item',
        'Zipf slope',
        'by spelling',
        'by meaning',
        'by decision',
      ],
      present.map(({ space, of }) => [
        ...[space, ...[of.nItems, of.nRaw, of.nCanonical].map(count), percent(of.onceUsed)],
        of.zipfSlope.toFixed(2),
        ...[of.nByReason.spelling, of.nByReason.semantic, of.nByReason.decision].map(count),
      ]),
    ),
    ...present.flatMap(({ space, of }) => spaceLines(space, of, tau)),
  ];
}

function spaceLines(space: Space, of: SpaceInspection, tau: number): string[] {
  const growth = of.growth.filter((_, i) => (i + 1) % 8 === 0 || i === of.growth.length - 1);
  return [
    '',
    ...table(
      [`${space} tags at tau ${tau}: depth`, 'tags', 'recall', 'set tags an item'],
      of.depths.map(({ depth, nTags, recall, meanTagsPerItem }) => [
        ...[String(depth), count(nTags), percent(recall), meanTagsPerItem.toFixed(1)],
      ]),
    ),
    '',
    ...table(
      ['items read', 'distinct tags'],
      growth.map(([nItems, nTags]) => [count(nItems), count(nTags)]),
    ),
    '',
    ...table(
      ['most used', 'items'],
      of.top.map(({ tag, uses }) => [tag, count(uses)]),
    ),
    '',
    ...table(
      ['least used', 'items'],
      of.tail.map(({ tag, uses }) => [tag, count(uses)]),
    ),
    ...(of.merges.length === 0 ? [] : ['', 'largest merges']),
    ...of.merges.map(({ canonical, forms }) => `  ${visible(canonical)}  <  ${visible(forms.join(' | '))}`),
  ];
}
