import { SPACES, type Space } from '../../src/core/space.js';
import { answerText, emptyReason, withoutHtml, withoutLastEntry } from './answer-text.js';
import { readTagLines, readTagValue } from './tag-list.js';
import { readHeading, spaceOfKey } from './tag-headings.js';
import type { ParsedTag } from './tag-text.js';
import { findJson } from './tolerant-json.js';

/** What an item2tag answer says; `notes` tell what could not be used as given. */
export type TagAnswer =
  | {
      readonly state: 'ok';
      readonly tags: Readonly<Record<Space, readonly ParsedTag[]>>;
      readonly notes: readonly string[];
    }
  | { readonly state: 'unparseable'; readonly reason: string; readonly notes: readonly string[] };

const MAX_NESTING = 3;
const MAX_KEYS = 100;

type Found = Partial<Record<Space, ParsedTag[]>>;

/**
 * Read an answer to the item2tag prompt: item tags and user tags, most fitting first. Never throws.
 *
 * Takes JSON as asked for, JSON cut short or among prose and code fences, other names of the two lists, and plain
 * lists under headings in English or Chinese. Where a list stands twice, the first counts.
 *
 * @param isCut whether the answer broke off at its length limit, so that the end of a plain list is no whole tag
 */
export function parseTags(text: string, { isCut = false }: { readonly isCut?: boolean } = {}): TagAnswer {
  const notes: string[] = [];
  const answer = answerText(text);
  const found: Found = {};
  for (const { value, isWhole } of findJson(answer)) {
    const before = countTags(found);
    takeSpaces(value, found, notes, 0);
    if (!isWhole && countTags(found) > before)
      notes.push('the JSON is cut short or broken; its whole tags are kept');
  }
  if (Object.keys(found).length === 0 && !/^\s*(?:```\w*\s*)?[{[｛［"]/u.test(answer)) {
    takeSections(withoutHtml(isCut ? withoutLastEntry(answer) : answer), found, notes);
  }
  if (countTags(found) === 0) return { state: 'unparseable', reason: describe(text, answer), notes };
  const tags = { item: found.item ?? [], user: found.user ?? [] };
  for (const space of SPACES) if (tags[space].length === 0) notes.push(`the answer has no ${space} tags`);
  return { state: 'ok', tags, notes };
}

function countTags(found: Found): number {
  return (found.item?.length ?? 0) + (found.user?.length ?? 0);
}

function takeSpaces(value: unknown, found: Found, notes: string[], nesting: number): void {
  if (typeof value !== 'object' || value === null || nesting > MAX_NESTING) return;
  for (const [key, inner] of Object.entries(value).slice(0, MAX_KEYS) as [string, unknown][]) {
    const space = Array.isArray(value) ? null : spaceOfKey(key);
    if (space === null || holdsSpaces(inner)) takeSpaces(inner, found, notes, nesting + 1);
    else take(space, readTagValue(inner, notes), found);
  }
}

/** Whether the lists stand deeper, as in `{"tags": {"item": [], "user": []}}`. */
function holdsSpaces(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value))
    return value.slice(0, MAX_KEYS).some((inner) => !Array.isArray(inner) && holdsSpaces(inner));
  const fields: [string, unknown][] = Object.entries(value);
  return fields.some(([key, inner]) => {
    const isInner = typeof inner === 'object' && inner !== null;
    return isInner && key.toLowerCase() !== 'tags' && spaceOfKey(key) !== null;
  });
}

function take(space: Space, tags: ParsedTag[], found: Found): void {
  if ((found[space]?.length ?? 0) === 0) found[space] = tags;
}

function takeSections(text: string, found: Found, notes: string[]): void {
  let space: Space | null = null;
  let lines: string[] = [];
  const flush = (isEnd: boolean): void => {
    if (space !== null) take(space, readTagLines(lines.join('\n'), notes, { isList: true, isEnd }), found);
    lines = [];
  };
  for (const line of text.split(/\r\n?|\n/u)) {
    const heading = readHeading(line);
    if (heading === null) {
      lines.push(line);
      continue;
    }
    flush(false);
    space = heading.space;
    if (heading.rest !== '') lines.push(heading.rest);
  }
  flush(true);
}

function describe(text: string, answer: string): string {
  const length = answer.trim().length;
  if (length === 0) return emptyReason(text);
  return `no tags found in an answer of ${length} characters that begins ${JSON.stringify(answer.trim().slice(0, 60))}`;
}
