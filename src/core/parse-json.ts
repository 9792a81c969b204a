import { messageOf, TagdistillError, type ErrorCode } from './errors.js';

/** What to say of a text that is no JSON. */
export interface JsonSource {
  readonly code: ErrorCode;
  readonly file: string;
  readonly hint: string;
}

/** Parse the JSON of a file. @throws TagdistillError with the code, file and hint given */
export function parseJson(json: string | Uint8Array, { code, file, hint }: JsonSource): unknown {
  try {
    return JSON.parse(typeof json === 'string' ? json : new TextDecoder().decode(json));
  } catch (cause) {
    throw new TagdistillError(code, `no JSON: ${messageOf(cause)}`, { file, hint, cause });
  }
}
