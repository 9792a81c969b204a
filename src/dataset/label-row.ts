import { SPACES, type Space } from '../core/space.js';
import { VectorLength } from './embedding-cell.js';
import { EMBEDDING } from './embedding-column.js';
import type { InputRecord, ReadRecordsOptions } from './input-record.js';
import { readRecords } from './read-records.js';
import type { RowPlace } from './row-problems.js';
import { SPLITS, type Split } from './rows.js';
import { SeenIds } from './seen-ids.js';
import { show } from './show.js';
import { embeddingColumnOf, parseTextRow, type TextRow, type TextRowOptions } from './text-row.js';

/** A tag as someone gave it, with its strength in [0, 1] where there is one. */
export interface GivenTag {
  readonly tag: string;
  readonly strength: number | null;
}

/** One usable row of someone's own labels. */
export interface LabelRow extends TextRow {
  readonly place: RowPlace;
  readonly group: string | null;
  /** Only where the row states it. */
  readonly split: Split | null;
  /** Every other field. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Partial<Record<Space, readonly GivenTag[]>>>;
}

export interface ReadLabelRowsOptions extends ReadRecordsOptions, TextRowOptions {
  /** Take the group from this field, e.g. `author`, of a list from its first; by default from `group`. */
  readonly groupBy?: string;
}

/** Columns that hold the tags of a space; `tags` counts as item tags. */
const TAG_COLUMNS: Readonly<Record<Space, readonly string[]>> = {
  item: ['item_tags', 'tags'],
  user: ['user_tags'],
};
const SHAPE =
  'A row is {"id","text","tags":[...]} or {"id","text","item_tags":[["tag",strength],...],"user_tags":[...]}.';

/**
 * Read someone's own labels, one usable row at a time; every other row is counted with its place and the reason.
 *
 * Id, text and vector are read by {@link parseTextRow}; all vectors are as long as the first. Of an id that comes
 * twice the first row stays. A tag twice in a list counts once. Unknown fields are kept in `fields`.
 */
export async function* readLabelRows(
  path: string,
  { groupBy = 'group', ...options }: ReadLabelRowsOptions,
): AsyncGenerator<LabelRow> {
  const { problems, embeddingColumn = EMBEDDING } = options;
  const seen = new SeenIds();
  const length = new VectorLength();
  for await (const record of readRecords(path, options)) {
    const { place } = record;
    const row = parseLabelRow(record, groupBy, options);
    if (typeof row === 'string') {
      problems.add(row, SHAPE, place);
      continue;
    }
    const repeated = seen.add(row.id, place);
    if (repeated !== undefined) {
      problems.add(repeated, 'Give each item an id of its own, or drop one of the two.', place);
      continue;
    }
    const misfit = row.embedding && length.check(embeddingColumn, row.embedding, place);
    if (misfit === undefined) yield row;
    else
      problems.add(
        misfit,
        'Embed every item with one model; leave the field out where there is no vector.',
        place,
      );
  }
}

/** The row, or what is wrong with it. */
function parseLabelRow(
  { place, value }: InputRecord,
  groupBy: string,
  options: TextRowOptions,
): LabelRow | string {
  const row = parseTextRow(value, options);
  if (typeof row === 'string') return row;
  const { id: _id, text: _text, split = null, ...fields } = value;
  if (split !== null && !SPLITS.includes(split as Split)) {
    return `"split" should be ${SPLITS.join(', ')}, found ${show(split)}`;
  }
  const tags: Partial<Record<Space, readonly GivenTag[]>> = {};
  for (const space of SPACES) {
    const column = TAG_COLUMNS[space].find((name) => (value[name] ?? null) !== null);
    if (column === undefined) continue;
    const list = parseTagList(column, value[column]);
    if (typeof list === 'string') return list;
    tags[space] = list;
    Reflect.deleteProperty(fields, column);
  }
  const embedded = embeddingColumnOf(value, options);
  if (embedded !== undefined) Reflect.deleteProperty(fields, embedded);
  return {
    ...row,
    place,
    group: parseGroup(value[groupBy]),
    split: split as Split | null,
    fields,
    tags,
  };
}

/** The group as a text: of a list, e.g. of authors, the first; null where there is none, or a blank. */
function parseGroup(value: unknown): string | null {
  const [first] = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  const isText = (typeof first === 'string' && first.trim() !== '') || typeof first === 'number';
  return isText ? String(first).toWellFormed() : null;
}

function parseTagList(column: string, value: unknown): GivenTag[] | string {
  if (!Array.isArray(value)) return `"${column}" should be a list of tags, found ${show(value)}`;
  const tags = new Map<string, GivenTag>();
  for (const [i, entry] of (value as unknown[]).entries()) {
    const given = parseTag(entry);
    if (typeof given === 'string') return `"${column}"[${i}]: ${given}`;
    if (!tags.has(given.tag)) tags.set(given.tag, given);
  }
  return [...tags.values()];
}

function parseTag(entry: unknown): GivenTag | string {
  let tag: unknown = entry;
  let strength: unknown = null;
  if (Array.isArray(entry)) {
    if (entry.length < 1 || entry.length > 2) return `should be ["tag", strength], found ${show(entry)}`;
    [tag, strength = null] = entry as [unknown, unknown?];
  } else if (typeof entry === 'object' && entry !== null) {
    const { tag: name, strength: ownStrength, score } = entry as Record<string, unknown>;
    tag = name;
    strength = ownStrength ?? score ?? null;
  }
  if (typeof tag !== 'string') return `a tag should be a text, found ${show(tag)}`;
  if (tag.trim() === '') return 'the tag is empty';
  if (strength !== null && (typeof strength !== 'number' || !(strength >= 0 && strength <= 1))) {
    return `the strength of ${JSON.stringify(tag)} should be a number from 0 to 1, found ${show(strength)}`;
  }
  return { tag: tag.toWellFormed(), strength };
}
