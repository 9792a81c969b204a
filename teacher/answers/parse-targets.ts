import { answerText, emptyReason, withoutHtml, withoutLastEntry } from './answer-text.js';
import { isTagObject, readTagLines, readTagValue } from './tag-list.js';
import type { ParsedTag } from './tag-text.js';
import { findJson, type FoundJson } from './tolerant-json.js';

/** What a tag2tag answer says; `notes` tell what could not be used as given. */
export type TargetAnswer =
  | { readonly state: 'ok'; readonly targets: readonly ParsedTag[]; readonly notes: readonly string[] }
  | { readonly state: 'unparseable'; readonly reason: string; readonly notes: readonly string[] };

const LIST_KEYS = new Set(['tags', 'targets', 'answers', 'audience', 'interests', '标签']);

/**
 * Read an answer to a tag2tag prompt: the target tags, strongest first. Never throws.
 *
 * Takes the numbered list asked for, bulleted lines, lines with strengths, a table, one line with commas, or JSON: a
 * list, a list inside an object, an object a tag.
 *
 * @param isCut whether the answer broke off at its length limit, so that the end of a plain list is no whole tag
 */
export function parseTargets(
  text: string,
  { isCut = false }: { readonly isCut?: boolean } = {},
): TargetAnswer {
  const answer = answerText(text);
  const found = findJson(answer);
  const lone = found.filter(({ value, isWhole }) => isWhole && isTagObject(value)).map(({ value }) => value);
  const values: FoundJson[] = lone.length > 1 ? [{ value: lone, isWhole: true }, ...found] : found;
  for (const { value, isWhole } of values) {
    const notes: string[] = [];
    const targets = readTagValue(listIn(value), notes);
    if (targets.length === 0) continue;
    if (!isWhole) notes.push('the JSON is cut short or broken; its whole tags are kept');
    return { state: 'ok', targets, notes };
  }
  const notes: string[] = [];
  const plain = withoutHtml(isCut ? withoutLastEntry(answer) : answer);
  const targets = /^\s*(?:```\w*\s*)?[{[｛［]/u.test(answer)
    ? []
    : readTagLines(plain, notes, { isEnd: true });
  if (targets.length > 0) return { state: 'ok', targets, notes };
  const begin = JSON.stringify(answer.trim().slice(0, 60));
  const reason =
    answer.trim() === ''
      ? emptyReason(text)
      : `no list found in an answer of ${answer.trim().length} characters that begins ${begin}`;
  return { state: 'unparseable', reason, notes };
}

/** The list of tags in a JSON value: itself, that under a key of its own, the first one, or a map of strengths. */
function listIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (isTagObject(value)) return null;
  const fields: [string, unknown][] = Object.entries(value);
  const isList = (inner: unknown): boolean => Array.isArray(inner) && inner.length > 0;
  const list =
    fields.find(
      ([key, inner]) => LIST_KEYS.has(key.toLowerCase()) && (isList(inner) || typeof inner === 'string'),
    ) ??
    fields.find(([, inner]) => isList(inner)) ??
    fields.find(([, inner]) => typeof inner === 'object' && inner !== null && 'tags' in inner);
  if (list !== undefined) return list[1];
  return isMap(fields) ? value : null;
}

function isMap(fields: readonly [string, unknown][]): boolean {
  if (fields.length === 0) return false;
  if (fields.every(([, inner]) => typeof inner === 'number' || isObject(inner))) return true;
  return fields.every(([key, inner]) => /^\d+$/u.test(key) && typeof inner === 'string');
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
