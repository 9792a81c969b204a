import { EMBEDDING } from './embedding-column.js';
import { parseEmbedding } from './embedding-cell.js';
import { show } from './show.js';

/** What every row of an input needs. */
export interface TextRow {
  readonly id: string;
  /** Empty only where a vector is given in its place. */
  readonly text: string;
  /** shape [nDims], the vector that the row gives for its item; absent where it gives none */
  readonly embedding?: Float32Array;
}

export interface TextRowOptions {
  /** The field of the vector; by default `embedding`, where that is a list. */
  readonly embeddingColumn?: string;
}

const TEXT_PARTS = ['title', 'description', 'abstract', 'body', 'content'];

/**
 * Read id, text and vector of a record, or say what is wrong with them.
 *
 * The id may be called `item_id`. A title that the text does not start with is put before it. A record without
 * `text` may have it in parts (title, description, abstract, body, content), which are joined; with a vector it
 * may lack it altogether. Lone surrogates become U+FFFD.
 */
export function parseTextRow(
  value: Readonly<Record<string, unknown>>,
  options: TextRowOptions = {},
): TextRow | string {
  const givenId = value['id'] ?? value['item_id'];
  const id = readId(givenId);
  if (id === null) {
    return Number.isInteger(givenId)
      ? `"id" ${show(givenId)} is past what a JSON number holds exactly; write it as a text`
      : `"id" should be a text or a number, found ${show(givenId)}`;
  }
  const column = embeddingColumnOf(value, options);
  const embedding = column === undefined ? null : parseEmbedding(column, value[column]);
  if (typeof embedding === 'string') return embedding;
  const text = readText(value) ?? (embedding === null ? undefined : '');
  if (typeof text !== 'string') return `"text" should be a text, found ${show(text)}`;
  if (text.trim() === '' && embedding === null) return '"text" is empty';
  return { id, text: text.toWellFormed(), ...(embedding && { embedding }) };
}

/** Read an id: a text that is not blank, or a number that is exact; null for anything else. */
export function readId(value: unknown): string | null {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return isExact ? String(value) : null;
  }
  return typeof value === 'string' && value.trim() !== '' ? value.toWellFormed() : null;
}

/** The field that holds the row's vector; undefined where none was named and `embedding` is something else. */
export function embeddingColumnOf(
  value: Readonly<Record<string, unknown>>,
  { embeddingColumn }: TextRowOptions,
): string | undefined {
  if (embeddingColumn !== undefined) return embeddingColumn;
  const cell = value[EMBEDDING] ?? [];
  const isList = Array.isArray(cell) || (typeof cell === 'string' && cell.trimStart().startsWith('['));
  return isList ? EMBEDDING : undefined;
}

function readText(value: Readonly<Record<string, unknown>>): unknown {
  const { text, title } = value;
  if (text === undefined || text === null) return joinParts(value);
  if (typeof text !== 'string' || typeof title !== 'string') return text;
  const lead = title.trim();
  return lead === '' || text.trim() === '' || text.trimStart().startsWith(lead) ? text : `${lead}. ${text}`;
}

function joinParts(value: Readonly<Record<string, unknown>>): string | undefined {
  const parts = TEXT_PARTS.map((name) => value[name]).filter(
    (part) => typeof part === 'string' && part.trim() !== '',
  );
  return parts.length === 0 ? undefined : parts.join('. ');
}
