import { Command } from 'commander';
import { SPACES } from '../../core/space.js';
import { updateLibrary, type LibraryUpdate } from '../../tags/library/update-library.js';
import { readLibraryManifest } from '../../tags/library/library-manifest.js';
import type { CommandContext } from '../context.js';
import { openTagVectors } from '../open-tag-vectors.js';
import { count, percent, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger } from '../parse-options.js';
import { today } from '../today.js';

interface Options extends CommonOptions {
  readonly date?: string;
  readonly encoder?: string;
  readonly top: number;
}

export function tagsUpdateCommand({ signal }: CommandContext): Command {
  return new Command('update')
    .description("take a day's data sets into a tag library: admit and retire tags; ids stay for ever")
    .argument('<library>', 'tag library folder, replaced at the end')
    .argument('<dataset...>', "folders of the day's data sets")
    .option('--date <date>', 'the day, as 2026-11-24 (default: today, UTC)')
    .option(
      '--encoder <folder>',
      'static encoder that the library was built with (default: the one that ships)',
    )
    .option('--top <n>', 'admitted and retired tags to list', positiveInteger, 10)
    .addHelpText(
      'after',
      `
The same day again changes nothing; the last day with other items replaces it.

Example:
  $ tagdistill tags update libraries/books datasets/monday --date 2026-11-23`,
    )
    .action(async (library: string, datasets: string[], _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { date = today(), encoder, top } = options;
      const manifest = await readLibraryManifest(library);
      const needsVectors = manifest.encoder !== null && manifest.options.maxOverlap < 1;
      const vectors = needsVectors || encoder !== undefined ? await openTagVectors(encoder) : undefined;
      const update = await updateLibrary(library, datasets, { date, ...(vectors && { vectors }), signal });
      printReport({ dir: library, date, ...update }, options, () => lines(library, update, top));
    });
}

function lines(library: string, { covers }: LibraryUpdate, top: number): string[] {
  const present = SPACES.flatMap((space) => (covers[space] ? [{ space, of: covers[space] }] : []));
  const rows = present.map(({ space, of }) => [
    space,
    String(of.version),
    count(of.nItems),
    ...[of.recallBefore, of.recallAfter, of.windowRecall].map(percent),
    ...[of.admitted.length, of.retired.length, of.nLive].map(count),
    percent(of.churn),
  ]);
  const changes = present.flatMap(({ space, of: { admitted, retired } }) => [
    ...admitted
      .slice(0, top)
      .map(({ tag, id, gain, reason, isBack }) => [
        `+ ${tag}`,
        space,
        id,
        `${count(gain)} items, ${isBack ? 'back, ' : ''}${reason}`,
      ]),
    ...retired.slice(0, top).map(({ tag, id }) => [`- ${tag}`, space, id, 'unseen in the window']),
  ]);
  const isRepeat = present.every(({ of }) => of.isRepeat);
  const header = ['space', 'version', 'items', 'tag recall before', 'after', 'window'];
  return [
    isRepeat ? `${library} has this day already: nothing was changed` : `wrote ${library}`,
    ...table([...header, 'admitted', 'retired', 'cover set', 'churn'], rows),
    ...(changes.length === 0 ? [] : ['', ...table(['change', 'space', 'id', ''], changes)]),
  ];
}
