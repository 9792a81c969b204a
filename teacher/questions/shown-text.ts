import { innerFields, type ItemRecord } from './read-item.js';

// Short for what they are: automatic speech recognition, optical character recognition.
const SPELLED: Readonly<Record<string, string>> = { asr: 'ASR', ocr: 'OCR' };
const CUT_MARK = ' [...]';

/** What the teacher reads of an item. */
export interface ShownText {
  readonly text: string;
  /** UTF-16 units that were left out. */
  readonly nCut: number;
}

/**
 * Put the named fields of an item under each other, each with its name: "Title: ...", "ASR: ...". Blank ones are
 * left out; lists are joined with commas.
 *
 * Where they are longer together than `maxLength`, the longest ones are cut to one length, so that a giant transcript
 * does not push the rest out; ` [...]` marks a cut.
 *
 * @returns null where the item has none of the fields
 */
export function showFields(
  record: ItemRecord,
  fields: readonly string[],
  { maxLength }: { readonly maxLength: number },
): ShownText | null {
  const given = fields
    .map((name) => ({ name, value: textOf(fieldOf(record, name)).trim() }))
    .filter(({ value }) => value !== '');
  if (given.length === 0) return null;
  const limit = sharedLimit(
    given.map(({ value }) => value.length),
    maxLength,
  );
  const lines = given.map(({ name, value }) => ({ name, ...cutText(value, limit) }));
  return {
    text: lines.map(({ name, text }) => `${labelOf(name)}: ${text}`).join('\n'),
    nCut: lines.reduce((sum, { nCut }) => sum + nCut, 0),
  };
}

/** Whether a record has a field, be it blank. */
export function hasField(record: ItemRecord, name: string): boolean {
  return fieldOf(record, name) !== undefined;
}

/** Cut a text to `maxLength` UTF-16 units, never through a character of two, and mark the cut with ` [...]`. */
export function cutText(text: string, maxLength: number): ShownText {
  if (text.length <= maxLength) return { text: text.toWellFormed(), nCut: 0 };
  const isSplit = /[\ud800-\udbff]/.test(text[maxLength - 1] ?? '');
  const end = isSplit ? maxLength - 1 : maxLength;
  return { text: text.slice(0, end).toWellFormed() + CUT_MARK, nCut: text.length - end };
}

/** The largest length to which all can be cut so that they are no longer than `total` together. */
function sharedLimit(lengths: readonly number[], total: number): number {
  let left = total;
  const ascending = [...lengths].sort((a, b) => a - b);
  for (const [i, length] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - i));
    if (length > share) return share;
    left -= length;
  }
  return total;
}

/** A field of the record, or one that another data set keeps among its `fields`. */
function fieldOf(record: ItemRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : innerFields(record['fields'])[name];
}

function labelOf(name: string): string {
  const words = name.replace(/[_\s]+/gu, ' ').trim();
  return SPELLED[words.toLowerCase()] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value === null || value === undefined) return '';
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter((text) => text !== '')
      .join(', ');
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}
