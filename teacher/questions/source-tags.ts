import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { SPACES, type Space } from '../../src/core/space.js';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import { tablePath } from '../../src/dataset/files.js';
import { readRecords } from '../../src/dataset/read-records.js';
import type { RowPlace, RowProblems } from '../../src/dataset/row-problems.js';
import type { Direction } from '../../src/dataset/rows.js';
import { show } from '../../src/dataset/show.js';
import { readTextLines } from '../../src/dataset/text-lines.js';
import { normaliseTag } from '../../src/tags/index.js';
import type { SourceTag } from './tag-questions.js';

export interface ReadSourceTagsOptions {
  /** Which are asked for; a tag of another direction is passed over. */
  readonly directions: readonly Direction[];
  /** Leave out tags that stand there less often. */
  readonly minUses?: number;
  /** Keep so many a direction at most. */
  readonly maxTags?: number;
  /** Counts rows that name no tag. */
  readonly problems: RowProblems;
  readonly signal?: AbortSignal;
}

const DIRECTION_OF: Readonly<Record<Space, Direction>> = { item: 'i2u', user: 'u2i' };
const TEXT_ENDINGS = new Set(['.txt', '']);

/**
 * Read source tags, distinct by their normalised form, the most used first.
 *
 * A data set folder gives its item tags to I2U and its user tags to U2I, ties in the order of the alphabet. A text
 * file has one tag a line, for the one direction that is asked for; JSONL and tables have `tag`, and `direction`
 * (`i2u`, `u2i`) or `space` (`item`, `user`) where both are; there, ties keep the order of the file.
 *
 * @throws TagdistillError `E_FILE_MISSING` and what reading the file throws; `E_NO_ROWS` if no tag is left;
 *   `E_BAD_OPTION` for a text file in two directions; `E_BAD_ROW` in strict mode; `E_ABORTED`
 */
export async function readSourceTags(path: string, options: ReadSourceTagsOptions): Promise<SourceTag[]> {
  const uses = new TagUses();
  const isFolder = await isDirectory(path);
  if (isFolder) await readDataset(path, uses, options);
  else if (TEXT_ENDINGS.has(extname(path).toLowerCase()) && path !== '-') await readText(path, uses, options);
  else await readTable(path, uses, options);
  const { directions, minUses = 1, maxTags } = options;
  const tags = directions.flatMap((direction) => {
    const entries = uses.of(direction).filter(([, n]) => n >= minUses);
    if (isFolder) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    entries.sort(([, n], [, m]) => m - n);
    return entries.slice(0, maxTags).map(([tag]) => ({ direction, tag }));
  });
  if (tags.length > 0) return tags;
  const found = directions.map((direction) => `${uses.of(direction).length} of ${direction}`).join(', ');
  throw new TagdistillError('E_NO_ROWS', `no source tag has ${minUses} uses; distinct tags: ${found}`, {
    file: path,
    hint: 'Lower --min-uses, or give a file with tags of the directions that are asked.',
  });
}

class TagUses {
  private readonly uses: Readonly<Record<Direction, Map<string, number>>> = {
    i2u: new Map(),
    u2i: new Map(),
  };

  /** Count a tag; false where nothing is left of it when normalised. */
  add(direction: Direction, raw: string): boolean {
    const tag = normaliseTag(raw);
    if (tag === '') return false;
    const uses = this.uses[direction];
    uses.set(tag, (uses.get(tag) ?? 0) + 1);
    return true;
  }

  of(direction: Direction): [string, number][] {
    return [...this.uses[direction]];
  }
}

async function isDirectory(path: string): Promise<boolean> {
  if (path === '-') return false;
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new TagdistillError('E_FILE_MISSING', `cannot read the source tags: ${messageOf(cause)}`, {
      file: path,
      hint: 'Give a file of tags, or the folder of a data set.',
      cause,
    });
  }
}

async function readDataset(
  dir: string,
  uses: TagUses,
  { directions, signal }: ReadSourceTagsOptions,
): Promise<void> {
  for await (const rows of readArrowRows(tablePath(dir, 'item_tags'), 'item_tags')) {
    stopIfAborted(dir, signal);
    for (const { space, tag } of rows) {
      if (directions.includes(DIRECTION_OF[space])) uses.add(DIRECTION_OF[space], tag);
    }
  }
}

async function readText(file: string, uses: TagUses, options: ReadSourceTagsOptions): Promise<void> {
  const { problems, signal } = options;
  const direction = onlyDirection(options.directions);
  if (direction === null) {
    throw new TagdistillError(
      'E_BAD_OPTION',
      'a text file of tags does not say whether they are item or user tags',
      {
        file,
        hint: 'Ask one of i2u and u2i at a time, or give JSONL: {"tag": "violin", "direction": "i2u"}.',
      },
    );
  }
  for await (const { line, text } of readTextLines(file, signal)) {
    if (line % 1024 === 0) stopIfAborted(file, signal);
    if (text?.trim() === '') continue;
    const place = { file, line };
    if (text === null) problems.add('the line is not UTF-8', 'Save the file as UTF-8.', place);
    else if (!uses.add(direction, text)) notTag(problems, text, place);
  }
}

async function readTable(file: string, uses: TagUses, options: ReadSourceTagsOptions): Promise<void> {
  const { directions, problems, signal } = options;
  for await (const { place, value } of readRecords(file, { problems, ...(signal && { signal }) })) {
    const direction = directionOf(value) ?? onlyDirection(directions);
    const given = value['tag'] ?? value['source'];
    if (direction === null) {
      problems.add(
        `the tag ${show(given)} has neither a direction nor a space`,
        'Give "direction" (i2u, u2i) or "space" (item, user).',
        place,
      );
    } else if (typeof given !== 'string') notTag(problems, given, place);
    else if (directions.includes(direction) && !uses.add(direction, given)) notTag(problems, given, place);
  }
}

function directionOf({ direction, space }: Readonly<Record<string, unknown>>): Direction | null {
  if (direction === 'i2u' || direction === 'u2i') return direction;
  const known = SPACES.find((name) => name === space);
  return known === undefined ? null : DIRECTION_OF[known];
}

function onlyDirection(directions: readonly Direction[]): Direction | null {
  return directions.length === 1 ? directions[0]! : null;
}

function notTag(problems: RowProblems, found: unknown, place: RowPlace): void {
  problems.add(`"tag" should be a tag, found ${show(found)}`, 'Give a text with letters or digits.', place);
}

function stopIfAborted(file: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new TagdistillError('E_ABORTED', 'reading was stopped', { file, cause: signal.reason });
  }
}
