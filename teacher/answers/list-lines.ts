import { stripListMark } from '../../src/tags/index.js';
import { hasStrength, takeBareStrength } from './tag-text.js';

const LINE_WORDS = 6;
const MIN_BARE_LINES = 4;
const SEPARATOR_ROW = /^\|?[\s:|-]*-{2,}[\s:|-]*$/u;
const TAG_LINE = /^(?:[-*•]\s*)?["']?(?:tag|name|label|标签)["']?\s*[:：]\s*(\S.*)$/iu;
const SCORE_LINE =
  /^["']?(?:score|strength|weight|confidence|relevance|分数|强度|权重)["']?\s*[:：]\s*(\d*\.?\d+\s*%?),?$/iu;

/**
 * Find the entries of a list in a text: its numbered or bulleted lines, or the rows of a table; else the lines that
 * end in a strength; else the parts of its one line between commas, its hashtags, or its short lines.
 *
 * @param isList whether it is known to be a list; else only what cannot be prose counts
 */
export function findEntries(
  text: string,
  { isList }: { readonly isList: boolean },
): { readonly entries: readonly string[]; readonly nIgnored: number } {
  const lines = joinFields(tableRows(readLines(text)));
  const marked = lines.filter((line) => stripListMark(line) !== line);
  let entries = marked.length > 0 ? marked : lines.filter(hasStrength);
  if (entries.length < 2 && lines.length === 1) entries = splitLine(lines[0]!, isList) ?? entries;
  if (entries.length === 0 && (isList || areBareEntries(lines))) entries = lines.filter(isShort);
  const nIgnored = lines.length === 1 ? 0 : lines.length - entries.length;
  return { entries: withBareStrengths(entries), nIgnored };
}

function readLines(text: string): string[] {
  return text
    .split(/\r\n?|\n/u)
    .map((line) => line.trim().replace(/^[（(](\d{1,3})[）)]\s*|^(\d{1,3})．\s*/u, '$1$2、'))
    .filter((line) => line !== '' && !line.startsWith('```'));
}

/** Make "| 1 | violin | 0.9 |" into "- violin (0.9)"; the head of a table and its rule go. */
function tableRows(lines: readonly string[]): string[] {
  if (!lines.some((line) => line.includes('|') && SEPARATOR_ROW.test(line))) return [...lines];
  return lines.flatMap((line, i) => {
    if (!line.includes('|')) return [line];
    if (SEPARATOR_ROW.test(line) || SEPARATOR_ROW.test(lines[i + 1] ?? '')) return [];
    const cells = line.split('|', 20).map((cell) => cell.trim());
    const tag = cells.find((cell) => /\p{L}/u.test(cell));
    if (tag === undefined) return [];
    const strength = cells.slice(cells.indexOf(tag)).find((cell) => /^\d*\.?\d+\s*%?$/u.test(cell));
    return [`- ${tag}${strength === undefined ? '' : ` (${strength})`}`];
  });
}

/** Make YAML's "- tag: violin" and "score: 0.9" below it into one entry. */
function joinFields(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let isOpen = false;
  for (const line of lines) {
    const score = isOpen ? SCORE_LINE.exec(line) : null;
    if (score !== null) joined.push(`${joined.pop()!} (${score[1]!})`);
    const tag = TAG_LINE.exec(line);
    if (score === null) joined.push(tag === null ? line : `- ${tag[1]!.replace(/^(["'])(.*)\1$/u, '$2')}`);
    isOpen = tag !== null;
  }
  return joined;
}

// "I am sorry, I cannot" has commas too: outside a known list only four or more short parts count, or strengths.
function splitLine(line: string, isList: boolean): string[] | null {
  const hashtags = line.split(/\s+/u);
  if ((isList || hashtags.length > 1) && hashtags.every((word) => /^#\p{L}/u.test(word))) {
    return hashtags.map((word) => word.slice(1));
  }
  const parts = line.split(/[,，、;；]\s*/u).filter((part) => part.trim() !== '');
  if (parts.length < 2) return null;
  if (isList || parts.every(hasStrength)) return parts;
  return parts.length >= 4 && parts.every((part) => isShort(part) && !/[.!?。]/u.test(part)) ? parts : null;
}

function areBareEntries(lines: readonly string[]): boolean {
  return (
    lines.length >= MIN_BARE_LINES &&
    lines.every((line) => isShort(line) && !/[.!?。！？,，{}[\]"]/u.test(line))
  );
}

function isShort(line: string): boolean {
  return line.length <= 60 && line.split(/\s+/u).length <= LINE_WORDS && !/[:：]$/u.test(line);
}

/** Whether the last entry breaks off: "violinist (0.", or "violi" at the very end where all others have a strength. */
export function endsCut(entries: readonly string[], text: string): boolean {
  const last = entries.at(-1);
  if (last === undefined || !text.trimEnd().endsWith(last.slice(-20))) return false;
  if (/[(（[]\s*(?:[a-z]+\s*[:=]?\s*)?[\d.]*$/iu.test(last.slice(-30))) return true;
  const others = entries.slice(0, -1);
  return (
    others.length > 1 && others.every(hasStrength) && !hasStrength(last) && !/[:：–—]|\d\s*%?\W?$/u.test(last)
  );
}

/** Read "violin 0.9" as a strength only where every entry ends so: "web 1.0" is a tag. */
function withBareStrengths(entries: readonly string[]): readonly string[] {
  const read = entries.map(takeBareStrength);
  return entries.length > 1 && read.every((entry) => entry !== null) ? read : entries;
}
