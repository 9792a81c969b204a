import { Command, Option } from 'commander';
import { TagdistillError, messageOf } from '../../core/errors.js';
import { SPACES, type Space } from '../../core/space.js';
import { Scorer } from '../../runtime/scorer.js';
import type { CommandContext } from '../context.js';
import { figure, printReport, table, type CommonOptions } from '../output.js';

interface Options extends CommonOptions {
  readonly tags: string;
  readonly space?: Space;
  readonly hub?: string;
}

export function rankCommand({ signal }: CommandContext): Command {
  return new Command('rank')
    .description('score tags of your choice for one text, also tags that the student never saw')
    .argument('<bundle>', 'bundle folder')
    .argument('<text>', 'the text')
    .requiredOption('--tags <list>', 'tags with commas between, or a JSON list of texts')
    .addOption(
      new Option(
        '--space <space>',
        'what kind of tags they are (default: the first that the student has)',
      ).choices(SPACES),
    )
    .option('--hub <model>', "where the student's sentence encoder is, if not where it was in training")
    .addHelpText(
      'after',
      `
A tag that training never saw is scored by its words; such scores are rougher, and the table marks them as new.

Examples:
  $ tagdistill rank exports/books "A young widow restores a vineyard in Tuscany." --tags "wine,grief,space travel"
  $ tagdistill rank exports/books "A codebreaker at sea." --tags '["spies, Cold War","cryptography"]' --space item`,
    )
    .action(async (bundle: string, text: string, { tags: list, space: asked, hub, ...options }: Options) => {
      const given = parseTags(list);
      if (text.trim() === '') {
        throw new TagdistillError('E_BAD_INPUT', 'the text is empty', { hint: 'Give a text with words.' });
      }
      const scorer = await Scorer.load(bundle, { ...(hub !== undefined && { hubEncoder: hub }) });
      try {
        const space = asked ?? scorer.spaces[0]!;
        const tags = await scorer.rank(text, given, { space, signal });
        printReport({ space, tags }, options, () =>
          table(
            [`${space} tag`, 'score', ''],
            tags.map(({ tag, score, isKnown }) => [tag, figure(score), isKnown ? '' : 'new']),
          ),
        );
      } finally {
        await scorer.close();
      }
    });
}

/** Distinct tags in the order given. */
function parseTags(list: string): string[] {
  const tags = list.trimStart().startsWith('[') ? parseJsonList(list) : list.split(',');
  const distinct = [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  if (distinct.length > 0) return distinct;
  throw new TagdistillError('E_BAD_OPTION', '--tags names no tag', {
    hint: 'Give e.g. --tags "wine,grief".',
  });
}

function parseJsonList(list: string): string[] {
  const hint = `Give e.g. --tags '["spies, Cold War","wine"]'.`;
  let value: unknown;
  try {
    value = JSON.parse(list);
  } catch (cause) {
    throw new TagdistillError('E_BAD_OPTION', `--tags is no JSON list: ${messageOf(cause)}`, { hint, cause });
  }
  const wrong = (value as unknown[]).findIndex((tag) => typeof tag !== 'string');
  if (wrong < 0) return value as string[];
  throw new TagdistillError('E_BAD_OPTION', `tag ${wrong} of --tags is no text`, { hint });
}
