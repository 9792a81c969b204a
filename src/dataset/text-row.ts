/** What every row of an input needs. */
export interface TextRow {
  readonly id: string;
  readonly text: string;
}

const TEXT_PARTS = ['title', 'description', 'abstract', 'body', 'content'];

/**
 * Read id and text of a record, or say what is wrong with them.
 *
 * The id may be a number, and may be called `item_id`. A record without `text` may have it in parts (title,
 * description, abstract, body, content), which are joined. Lone surrogates become U+FFFD.
 */
export function parseTextRow(value: Readonly<Record<string, unknown>>): TextRow | string {
  const givenId = value['id'] ?? value['item_id'];
  if (Number.isInteger(givenId) && !Number.isSafeInteger(givenId)) {
    return `"id" ${show(givenId)} is past what a JSON number holds exactly; write it as a text`;
  }
  const id = Number.isFinite(givenId) ? String(givenId) : givenId;
  if (typeof id !== 'string' || id.trim() === '')
    return `"id" should be a text or a number, found ${show(givenId)}`;
  const text = value['text'] ?? joinParts(value);
  if (typeof text !== 'string') return `"text" should be a text, found ${show(text)}`;
  if (text.trim() === '') return '"text" is empty';
  return { id: id.toWellFormed(), text: text.toWellFormed() };
}

function joinParts(value: Readonly<Record<string, unknown>>): string | undefined {
  const parts = TEXT_PARTS.map((name) => value[name]).filter(
    (part) => typeof part === 'string' && part.trim() !== '',
  );
  return parts.length === 0 ? undefined : parts.join('. ');
}

/** Write a value as it may stand in a message: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  // A nested value is not written out whole: it may be megabytes, or deeper than the stack.
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key !== '' && typeof inner === 'object' && inner !== null ? '...' : inner,
  );
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
