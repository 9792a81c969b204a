import { normaliseTag, stripListMark } from '../../src/tags/index.js';
import { hasStrength, readTagText, toNumber, type GivenTag, type ParsedTag } from './tag-text.js';

const TAG_KEYS = ['tag', 'name', 'label', 'text', 'value', 'target', '标签', '名称'];
const SCORE_KEYS = ['score', 'strength', 'weight', 'confidence', 'relevance', '分数', '强度', '权重', '得分'];
const LINE_WORDS = 6;

/**
 * Read the tags of a JSON value: a list of strings, `["tag", 0.9]` or `{"tag", "score"}`; an object from tag to
 * strength; or one string with commas or line breaks.
 *
 * @param notes gains a line for everything that could not be used as given
 */
export function readTagValue(value: unknown, notes: string[]): ParsedTag[] {
  if (typeof value === 'string') return readTagLines(value, notes, { isList: true });
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value)
    ? value.map(readEntry)
    : Object.entries(value).map(([tag, strength]) => withStrength(readTagText(tag), strength));
  return settle(entries, notes);
}

/**
 * Read the tags of a text: its numbered or bulleted lines; else its lines that end in a strength; else, only where
 * it is known to be a list, its short lines or the parts between commas.
 */
export function readTagLines(
  text: string,
  notes: string[],
  { isList = false }: { readonly isList?: boolean } = {},
): ParsedTag[] {
  const lines = text
    .split(/\r\n?|\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('```'));
  const marked = lines.filter((line) => stripListMark(line) !== line);
  let chosen = marked.length > 0 ? marked : lines.filter(hasStrength);
  if (chosen.length < 2 && lines.length === 1) chosen = splitParts(lines[0]!, isList) ?? chosen;
  if (chosen.length === 0 && isList) chosen = lines.filter(isShort);
  const ignored = lines.length === 1 ? 0 : lines.length - chosen.length;
  if (ignored > 0 && chosen.length > 0) notes.push(`${ignored} lines are no entries of the list`);
  return settle(chosen.map(readTagText), notes);
}

// "I am sorry, I cannot" has commas too: outside a known list only four or more short parts count.
function splitParts(line: string, isList: boolean): string[] | null {
  const parts = line.split(/[,，、;；]\s*/u).filter((part) => part.trim() !== '');
  if (parts.length < 2) return null;
  if (isList) return parts;
  return parts.length >= 4 && parts.every((part) => isShort(part) && !/[.!?。]/u.test(part)) ? parts : null;
}

function isShort(line: string): boolean {
  return line.length <= 60 && line.split(/\s+/u).length <= LINE_WORDS && !/[:：]$/u.test(line);
}

function readEntry(value: unknown): GivenTag | string {
  if (typeof value === 'string') return readTagText(value);
  if (Array.isArray(value)) {
    const [tag, strength] = value as unknown[];
    return typeof tag === 'string' ? withStrength(readTagText(tag), strength) : notTag(value);
  }
  if (typeof value !== 'object' || value === null) return notTag(value);
  const fields = Object.entries(value);
  const field = (names: string[]): unknown =>
    fields.find(([key]) => names.includes(key.toLowerCase().trim()))?.[1];
  const tag = field(TAG_KEYS);
  if (typeof tag === 'string') return withStrength(readTagText(tag), field(SCORE_KEYS));
  const [only] = fields;
  return fields.length === 1 && only !== undefined
    ? withStrength(readTagText(only[0]), only[1])
    : notTag(value);
}

function withStrength(tag: GivenTag | string, strength: unknown): GivenTag | string {
  if (typeof tag === 'string' || strength === undefined || strength === null) return tag;
  return { raw: tag.raw, strength: toNumber(strength) ?? tag.strength };
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
