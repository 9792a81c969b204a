import { SPACES, type Space } from '../../src/core/space.js';
import { stripListMark } from '../../src/tags/index.js';

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

/** Tell which list a key of JSON names. */
export function spaceOfKey(key: string): Space | null {
  return spaceOf(key) ?? SPACES.find((space) => KEYS[space].has(key.toLowerCase().trim())) ?? null;
}

/** Read a line as the heading of a list; `rest` is what of the list stands on the same line. Null for other lines. */
export function readHeading(line: string): { space: Space; rest: string } | null {
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
