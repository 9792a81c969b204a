import { SPACES, type Space } from '../../src/core/space.js';
import { stripListMark } from '../../src/tags/index.js';
import { readTagLines, readTagValue } from './tag-list.js';
import type { ParsedTag } from './tag-text.js';
import { findJson } from './tolerant-json.js';
import { afterThoughts } from './thoughts.js';

/** What an item2tag answer says; `notes` tell what could not be used as given. */
export type TagAnswer =
  | {
      readonly state: 'ok';
      readonly tags: Readonly<Record<Space, readonly ParsedTag[]>>;
      readonly notes: readonly string[];
    }
  | { readonly state: 'unparseable'; readonly reason: string; readonly notes: readonly string[] };

const HEADINGS: Readonly<Record<Space, readonly string[]>> = {
  item: [
    ...[
      'itemtags',
      'itemtag',
      'interesttags',
      'interesttag',
      'topictags',
      'contenttags',
      'tags',
      'topics',
      'interests',
    ],
    ...['兴趣标签', '物品标签', '内容标签', '主题标签', '兴趣', '主题', '标签'],
  ],
  user: [
    ...[
      'usertags',
      'usertag',
      'targetaudience',
      'targetaudiences',
      'targetaudiencesegments',
      'audiencesegments',
    ],
    ...['audience', 'audiences', 'targetusers', 'userroles', 'roles', 'personas', 'segments'],
    ...['用户标签', '目标人群', '目标受众', '目标用户', '人群标签', '受众人群', '受众', '人群'],
  ],
};
const MAX_NESTING = 3;

type Found = Partial<Record<Space, ParsedTag[]>>;

/**
 * Read an answer to the item2tag prompt: item tags and user tags, most fitting first. Never throws.
 *
 * Takes JSON as asked for, JSON cut short or among prose and code fences, other names of the two lists, and plain
 * lists under headings in English or Chinese. Where a list stands twice, the first counts.
 */
export function parseTags(text: string): TagAnswer {
  const notes: string[] = [];
  const answer = afterThoughts(text);
  const found: Found = {};
  for (const { value, isWhole } of findJson(answer)) {
    const before = countTags(found);
    takeSpaces(value, found, notes, 0);
    if (!isWhole && countTags(found) > before)
      notes.push('the JSON is cut short or broken; its whole tags are kept');
  }
  if (Object.keys(found).length === 0) takeSections(answer, found, notes);
  if (countTags(found) === 0) return { state: 'unparseable', reason: describe(answer), notes };
  const tags = { item: found.item ?? [], user: found.user ?? [] };
  for (const space of SPACES) if (tags[space].length === 0) notes.push(`the answer has no ${space} tags`);
  return { state: 'ok', tags, notes };
}

function countTags(found: Found): number {
  return (found.item?.length ?? 0) + (found.user?.length ?? 0);
}

function takeSpaces(value: unknown, found: Found, notes: string[], nesting: number): void {
  if (typeof value !== 'object' || value === null || nesting > MAX_NESTING) return;
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const space = Array.isArray(value) ? null : spaceOf(key);
    if (space === null) takeSpaces(inner, found, notes, nesting + 1);
    else take(space, readTagValue(inner, notes), found);
  }
}

function take(space: Space, tags: ParsedTag[], found: Found): void {
  if ((found[space]?.length ?? 0) === 0) found[space] = tags;
}

function takeSections(text: string, found: Found, notes: string[]): void {
  let space: Space | null = null;
  let lines: string[] = [];
  const flush = (): void => {
    if (space !== null) take(space, readTagLines(lines.join('\n'), notes, { isList: true }), found);
    lines = [];
  };
  for (const line of text.split(/\r\n?|\n/u)) {
    const heading = readHeading(line);
    if (heading === null) {
      lines.push(line);
      continue;
    }
    flush();
    space = heading.space;
    if (heading.rest !== '') lines.push(heading.rest);
  }
  flush();
}

function readHeading(line: string): { space: Space; rest: string } | null {
  if (line.length > 2000) return null;
  const plain = stripListMark(line.replace(/[*#_【】]+/gu, ' '));
  const colon = plain.search(/[:：]/u);
  const space = spaceOf(colon < 0 ? plain : plain.slice(0, colon), colon >= 0);
  return space === null ? null : { space, rest: colon < 0 ? '' : plain.slice(colon + 1).trim() };
}

/** Tell which list a key or heading names; a heading with a colon may end in the name: "Here are the item tags:". */
function spaceOf(name: string, mayEndIn = false): Space | null {
  if (name.length > 80) return null;
  const key = name
    .replace(/[(（][^)）]*[)）]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, '');
  for (const space of ['user', 'item'] as const) {
    if (HEADINGS[space].includes(key)) return space;
    if (mayEndIn && HEADINGS[space].some((known) => known.length > 6 && key.endsWith(known))) return space;
  }
  return null;
}

function describe(answer: string): string {
  const length = answer.trim().length;
  if (length === 0) return 'the answer is empty';
  return `no tags found in an answer of ${length} characters that begins ${JSON.stringify(answer.trim().slice(0, 60))}`;
}
