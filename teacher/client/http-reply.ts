/** A whole HTTP response, of any status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  readonly text: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Take a value as a JSON object, or null. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** Take a value as a text that is not empty, or null. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Parse JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SHOWN = 200;

/** The beginning of a text, on one line, to stand in a message. */
export function beginningOf(text: string): string {
  const line = text
    .slice(0, 8 * SHOWN)
    .replace(/\s+/gu, ' ')
    .trim();
  if (line === '') return 'nothing';
  return (line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line).toWellFormed();
}
