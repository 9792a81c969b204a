import { normaliseTag } from '../../src/tags/index.js';
import { endsCut, findEntries } from './list-lines.js';
import { readTagText, toNumber, type GivenTag, type ParsedTag } from './tag-text.js';

const TAG_KEYS = new Set([
  ...[
    'tag',
    'name',
    'label',
    'text',
    'value',
    'target',
    'itemtag',
    'usertag',
    'interest',
    'topic',
    'keyword',
  ],
  ...['theme', 'role', 'segment', 'audience', 'persona', 'user', 'person', 'item', 'group'],
  ...[
    '标签',
    '名称',
    '标签名',
    '兴趣',
    '兴趣标签',
    '主题',
    '话题',
    '关键词',
    '人群',
    '受众',
    '角色',
    '用户标签',
    '人群标签',
  ],
]);
const SCORE_KEYS = new Set([
  ...['score', 'strength', 'weight', 'confidence', 'relevance', 'probability'],
  ...['分数', '强度', '权重', '得分', '相关性', '相关度'],
]);
const SCALE_KEYS = new Set(['tag', 'tags', 'list', 'items', '标签']);
// No answer that is one has more; it bounds the work on garbage.
const MAX_ENTRIES = 500;

/**
 * Read the tags of a JSON value: a list of strings, `["tag", 0.9]` or `{"tag", "score"}`; an object from tag to
 * strength, or around such a list; or one string with commas or line breaks.
 *
 * @param notes gains a line for everything that could not be used as given
 */
export function readTagValue(value: unknown, notes: string[]): ParsedTag[] {
  if (typeof value === 'string') return readTagLines(value, notes, { isList: true });
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return settle(entriesOf(value).slice(0, MAX_ENTRIES).map(readEntry), notes);
  if (isTagObject(value)) return settle([readEntry(value)], notes);
  const fields: [string, unknown][] = Object.entries(value);
  const list = fields.find(([key, inner]) => Array.isArray(inner) || SCALE_KEYS.has(keyOf(key)));
  if (list !== undefined && typeof list[1] === 'object') return readTagValue(list[1], notes);
  const entries = fields.every(([key, inner]) => /^\d+$/u.test(key) && typeof inner === 'string')
    ? fields.map(([, tag]) => readEntry(tag))
    : fields.map(([tag, strength]) => withStrength(readTagText(tag), strength));
  return settle(entries.slice(0, MAX_ENTRIES), notes);
}

/** Whether a JSON value is one tag with its fields, as in a line of JSONL. */
export function isTagObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).some(([key, inner]) => TAG_KEYS.has(keyOf(key)) && typeof inner === 'string');
}

/**
 * Read the tags of a text that is a list, or has one.
 *
 * @param isList whether it is known to be a list; else only what cannot be prose counts
 * @param isEnd whether the answer ends with the text, so that its last entry may be cut short
 */
export function readTagLines(
  text: string,
  notes: string[],
  { isList = false, isEnd = false }: { readonly isList?: boolean; readonly isEnd?: boolean } = {},
): ParsedTag[] {
  const { entries, nIgnored } = findEntries(text, { isList });
  if (nIgnored > 0 && entries.length > 0) notes.push(`${nIgnored} lines are no entries of the list`);
  const whole = isEnd && endsCut(entries, text) ? entries.slice(0, -1) : entries;
  if (whole.length < entries.length)
    notes.push(`the last entry is cut short: ${JSON.stringify(entries.at(-1)!.slice(0, 60))}`);
  return settle(whole.slice(0, MAX_ENTRIES).map(readTagText), notes);
}

/** The entries of a list, which may stand in a list of its own: `[["violin", "sea"]]` is no tag with a strength. */
function entriesOf(list: readonly unknown[]): readonly unknown[] {
  const [only] = list;
  if (list.length !== 1 || !Array.isArray(only)) return list;
  return only.every((inner) => typeof inner === 'string' && toNumber(inner) === null) ? only : list;
}

function readEntry(value: unknown): GivenTag | string {
  if (typeof value === 'string') return readTagText(value);
  if (Array.isArray(value)) {
    const [tag, strength] = value as unknown[];
    return typeof tag === 'string' ? withStrength(readTagText(tag), strength) : notTag(value);
  }
  if (typeof value !== 'object' || value === null) return notTag(value);
  const fields: [string, unknown][] = Object.entries(value);
  const field = (keys: ReadonlySet<string>): unknown =>
    fields.find(([key, inner]) => keys.has(keyOf(key)) && typeof inner !== 'object')?.[1];
  const tag = field(TAG_KEYS);
  if (typeof tag === 'string') return withStrength(readTagText(tag), field(SCORE_KEYS));
  const [only] = fields;
  return fields.length === 1 && only !== undefined
    ? withStrength(readTagText(only[0]), only[1])
    : notTag(value);
}

function keyOf(key: string): string {
  if (TAG_KEYS.has(key) || SCORE_KEYS.has(key)) return key;
  return key
    .slice(0, 40)
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, '');
}

function withStrength(tag: GivenTag | string, strength: unknown): GivenTag | string {
  if (typeof tag === 'string' || strength === undefined || strength === null) return tag;
  if (typeof strength !== 'object') return { raw: tag.raw, strength: toNumber(strength) ?? tag.strength };
  const inner = Object.entries(strength).find(([key]) => SCORE_KEYS.has(keyOf(key)))?.[1] as unknown;
  return { raw: tag.raw, strength: toNumber(inner) ?? tag.strength };
}

function notTag(value: unknown): string {
  return `${JSON.stringify(value).slice(0, 60)} is no tag`;
}

/** Bring strengths to [0, 1] and drop what is named twice. */
function settle(entries: readonly (GivenTag | string)[], notes: string[]): ParsedTag[] {
  const given: GivenTag[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    if (typeof entry === 'string') {
      notes.push(entry);
      continue;
    }
    const tag = normaliseTag(entry.raw);
    if (seen.has(tag)) notes.push(`"${entry.raw}" is named twice`);
    else given.push(entry);
    seen.add(tag);
  }
  const strengths = given.flatMap(({ strength }) => (strength === null ? [] : [strength]));
  // Up to 10 the scale could be tenths as well.
  const arePercent = strengths.every((s) => s > 1 && s <= 100) && strengths.some((s) => s > 10);
  if (arePercent) notes.push(`strengths up to ${Math.max(...strengths)} are read as percentages`);
  return given.map(({ raw, strength }) => {
    if (strength === null) return { raw, score: null };
    const score = arePercent ? strength / 100 : strength;
    if (score >= 0 && score <= 1) return { raw, score };
    notes.push(`strength ${strength} of "${raw}" is outside [0, 1]`);
    return { raw, score: null };
  });
}
