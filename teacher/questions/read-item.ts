import { parseEmbedding } from '../../src/dataset/embedding-cell.js';
import { SPLITS, type ItemRow, type Split } from '../../src/dataset/rows.js';
import { embeddingColumnOf, readId } from '../../src/dataset/text-row.js';

export type ItemRecord = Readonly<Record<string, unknown>>;

export interface ItemReading {
  /** What the student reads; by default "title. authors. text", or what there is of it. */
  readonly itemText?: (record: ItemRecord) => string;
  /** Items of one group stay in one split; by default the series named in the title, else the first author. */
  readonly groupOf?: (record: ItemRecord) => string | null;
  readonly splitOf: (group: string | null, id: string) => Split;
}

export interface ReadItemOptions {
  /** Items that the teacher did not know. */
  readonly unknownIds?: ReadonlySet<string>;
  /** Whether an item without text and vector is a problem. */
  readonly needsText?: boolean;
}

/** Why a record is no item, and what to do about it. */
export interface ItemProblem {
  readonly message: string;
  readonly hint: string;
}

const CONSUMED = ['id', 'item_id', 'text', 'group', 'split', 'fields'];

/**
 * Make the row of an item from a record of a text or table file, or of another data set's `items.arrow`.
 *
 * `group` and `split` fields and a vector in `embedding` are kept as they stand; unknown fields move to `fields`.
 * Lone surrogates in the text become U+FFFD, as UTF-8 cannot hold them.
 *
 * `teacher_known` among the fields is false for the ids of `unknownIds`.
 */
export function readItem(
  record: ItemRecord,
  { itemText = joinedText, groupOf = seriesOrFirstAuthor, splitOf }: ItemReading,
  { unknownIds = new Set(), needsText = true }: ReadItemOptions = {},
): ItemRow | ItemProblem {
  const id = readId(record.id ?? record.item_id);
  if (id === null) {
    return {
      message: `no usable id: ${show(record.id ?? record.item_id)}`,
      hint: 'Give each item a text or number as id.',
    };
  }
  const column = embeddingColumnOf(record, {});
  const embedding = column === undefined ? null : parseEmbedding(column, record[column]);
  if (typeof embedding === 'string') {
    return { message: `item "${id}": ${embedding}`, hint: 'Give a list of numbers, or leave the field out.' };
  }
  const text = itemText(record).toWellFormed();
  if (needsText && text.trim() === '' && embedding === null) {
    return { message: `item "${id}" has no text`, hint: 'Give it a text, or a title, or leave it out.' };
  }
  const given = typeof record.group === 'string' && record.group !== '' ? record.group : null;
  const group = given ?? groupOf(record);
  const split = SPLITS.find((known) => known === record.split) ?? splitOf(group, id);
  const known = unknownIds.has(id) ? { teacher_known: false } : {};
  const fields = { ...innerFields(record.fields), ...otherFields(record, column), ...known };
  const hasFields = Object.keys(fields).length > 0;
  return {
    item_id: id,
    text,
    group,
    split,
    fields: hasFields ? JSON.stringify(fields, plainNumber) : null,
    ...(embedding && { embedding }),
  };
}

/** Give "title. authors. text" of a record, or what there is of it. */
export function joinedText(record: ItemRecord): string {
  const authors = authorsOf(record).join(', ');
  const parts = [textOf(record.title), authors, textOf(record.text ?? record.description ?? record.abstract)];
  return parts.filter((part) => part.trim() !== '').join('. ');
}

/** Give the series that a title names, as in "Catching Fire (The Hunger Games, #2)", else the first author, or null. */
function seriesOrFirstAuthor(record: ItemRecord): string | null {
  const series = /\(([^()#]+?),?\s*#/u.exec(textOf(record.title))?.[1]?.trim();
  return series ?? authorsOf(record)[0] ?? null;
}

function authorsOf(record: ItemRecord): string[] {
  const given: unknown = record.authors ?? record.author;
  const list: unknown[] = Array.isArray(given) ? given : textOf(given).split(/\s*[;|]\s*/u);
  return list.map((author) => textOf(author).trim()).filter((author) => author !== '');
}

/** The fields that another data set keeps as a JSON object in its column `fields`. */
export function innerFields(fields: unknown): ItemRecord {
  if (typeof fields !== 'string') return {};
  try {
    const inner: unknown = JSON.parse(fields);
    return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? (inner as ItemRecord)
      : { fields };
  } catch {
    return { fields };
  }
}

function otherFields(record: ItemRecord, embeddingColumn: string | undefined): ItemRecord {
  const others = Object.entries(record).filter(
    ([name]) => !CONSUMED.includes(name) && name !== embeddingColumn,
  );
  return Object.fromEntries(others);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

// Tables hold 64-bit integers as bigint, which JSON does not know.
function plainNumber(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function show(value: unknown): string {
  return value === undefined ? 'the field is missing' : JSON.stringify(value, plainNumber).slice(0, 60);
}
