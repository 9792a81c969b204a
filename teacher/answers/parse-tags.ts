import { SPACES, type Space } from '../../src/core/space.js';
import { stripListMark } from '../../src/tags/index.js';
import { answerText, emptyReason, withoutHtml, withoutLastEntry } from './answer-text.js';
import { readTagLines, readTagValue } from './tag-list.js';
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

const HEADINGS: Readonly<Record<Space, ReadonlySet<string>>> = {
  item: new Set([
    ...['itemtags', 'itemtag', 'interesttags', 'interesttag', 'topictags', 'topictag', 'contenttags'],
    ...[
      'interesttopics',
      'itemtopics',
      'detaileditemtags',
      'tags',
      'topics',
      'interests',
      'keywords',
      'themes',
    ],
    ...[
      '兴趣标签',
      '物品标签',
      '内容标签',
      '主题标签',
      '话题标签',
      '兴趣点',
      '兴趣',
      '主题',
      '话题',
      '关键词',
      '标签',
    ],
  ]),
  user: new Set([
    ...[
      'usertags',
      'usertag',
      'targetaudience',
      'targetaudiences',
      'targetaudiencesegments',
      'audiencesegments',
    ],
    ...[
      'audiencetags',
      'targetaudiencetags',
      'potentialaudience',
      'targetsegments',
      'usersegments',
      'usergroups',
    ],
    ...['audience', 'audiences', 'targetusers', 'userroles', 'roles', 'personas', 'userpersonas', 'segments'],
    ...[
      '用户标签',
      '目标人群',
      '目标受众',
      '目标用户',
      '目标群体',
      '人群标签',
      '受众标签',
      '受众群体',
      '受众人群',
    ],
    ...['用户角色', '用户画像', '人群画像', '适合人群', '受众', '人群'],
  ]),
};
/** Names that are clear only as keys of JSON. */
const KEYS: Readonly<Record<Space, ReadonlySet<string>>> = {
  item: new Set(['item', 'items', '物品']),
  user: new Set(['user', 'users', '用户']),
};
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
    const space = Array.isArray(value) ? null : (spaceOf(key) ?? spaceOfKey(key));
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
    return isInner && key.toLowerCase() !== 'tags' && (spaceOf(key) ?? spaceOfKey(key)) !== null;
  });
}

function spaceOfKey(key: string): Space | null {
  return SPACES.find((space) => KEYS[space].has(key.toLowerCase().trim())) ?? null;
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

function readHeading(line: string): { space: Space; rest: string } | null {
  if (line.length > 2000) return null;
  const boxed = /^\s*【([^】]{1,20})】[:：]?(.*)$/u.exec(line);
  if (boxed !== null) {
    const space = spaceOf(boxed[1]!);
    if (space !== null) return { space, rest: boxed[2]!.trim() };
  }
  const colon = line.search(/[:：]/u);
  const name = stripListMark((colon < 0 ? line : line.slice(0, colon)).replace(/[*#_【】]+/gu, ' '));
  const space = spaceOf(name, colon >= 0);
  return space === null
    ? null
    : {
        space,
        rest:
          colon < 0
            ? ''
            : line
                .slice(colon + 1)
                .replace(/^[*_\s]+/u, '')
                .trim(),
      };
}

/** Tell which list a key or heading names; a heading with a colon may end in the name: "Here are the item tags:". */
function spaceOf(name: string, mayEndIn = false): Space | null {
  if (name.length > 80) return null;
  const key = name
    .replace(/[(（][^)）]*[)）]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, '');
  for (const space of ['user', 'item'] as const) {
    if (HEADINGS[space].has(key)) return space;
    if (mayEndIn && [...HEADINGS[space]].some((known) => known.length > 6 && key.endsWith(known)))
      return space;
  }
  return null;
}

function describe(text: string, answer: string): string {
  const length = answer.trim().length;
  if (length === 0) return emptyReason(text);
  return `no tags found in an answer of ${length} characters that begins ${JSON.stringify(answer.trim().slice(0, 60))}`;
}
