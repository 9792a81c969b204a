import { normaliseTag, splitExplanation, stripListMark } from '../../src/tags/index.js';

/** A tag as an answer gives it. */
export interface ParsedTag {
  /** The tag's own words: without list mark, strength and explanation, otherwise as given. */
  readonly raw: string;
  /** Strength in [0, 1], or null where none was given. */
  readonly score: number | null;
}

/** A tag whose strength is not checked yet: 0.9, 90 or "90%" have all been seen. */
export interface GivenTag {
  readonly raw: string;
  readonly strength: number | null;
}

const MAX_LENGTH = 200;
const MAX_WORDS = 12;

const LABEL = String.raw`(?:(?:score|strength|weight|confidence|relevance|分数|强度|权重)\s*[:=：]?\s*)?`;
const PERCENT = String.raw`\d{1,3}(?:\.\d+)?\s*%`;
const DECIMAL = String.raw`[01]?\.\d+|[01](?:\.\d+)?`;
const IN_BRACKETS = new RegExp(
  String.raw`\s*[([{（【]\s*${LABEL}(${PERCENT}|-?\d{1,3}(?:\.\d+)?)\s*[)\]}）】]$`,
  'iu',
);
const AFTER_COLON = new RegExp(
  String.raw`\s*[:：=|,，]\s*${LABEL}(${PERCENT}|-?\d{1,2}(?:\.\d+)?|100)$`,
  'iu',
);
const AFTER_DASH = new RegExp(String.raw`\s+[-–—]\s+${LABEL}(${PERCENT}|${DECIMAL})$`, 'iu');
// "(0.9) - because": what follows a strength in brackets explains; "(1)" and "(1917)" may be the tag's own.
const BEFORE_TAIL = new RegExp(
  String.raw`\s*[([{（【]\s*${LABEL}(${PERCENT}|[01]?\.\d+)\s*[)\]}）】]\s*(?=[-–—:：,，])`,
  'iu',
);
const AFTER_BLANK = /(?<![\s:：=|,，–—-])\s+([01]?\.\d{1,2})$/u;
const AT_START = new RegExp(String.raw`^[([（]?\s*${LABEL}(${PERCENT}|${DECIMAL})(?![\d.]*\d)`, 'iu');
// Most entries of JSON: up to 12 words with nothing around them.
const BARE = /^[a-z0-9]+(?:['-][a-z0-9]+)*(?: [a-z0-9]+(?:['-][a-z0-9]+)*){0,11}$/iu;

/**
 * Read one entry of a list: "1. violin (0.9): a string instrument" is "violin" with strength 0.9.
 *
 * Also "violin: 0.9", "violin - 90%", "**violin**", "violin (strength: 0.9)". Years and other numbers above 100
 * belong to the tag.
 *
 * @returns a note instead where the entry is no tag: nothing left, over 200 characters or over 12 words
 */
export function readTagText(text: string): GivenTag | string {
  if (text.length <= MAX_LENGTH && BARE.test(text)) return { raw: text, strength: null };
  const unmarked = trimWrapping(stripListMark(text.slice(0, 4 * MAX_LENGTH))).toWellFormed();
  const tail = BEFORE_TAIL.exec(unmarked);
  let { rest, strength } =
    tail === null || tail.index === 0
      ? takeStrength(unmarked)
      : { rest: unmarked.slice(0, tail.index), strength: toNumber(tail[1]) };
  const { tag, explanation } = splitExplanation(rest);
  if (explanation !== null) {
    rest = trimWrapping(tag);
    strength ??= toNumber(AT_START.exec(explanation)?.[1]);
    if (strength === null) ({ rest, strength } = takeStrength(rest));
  }
  // The quote at the start went with the first trim: `"violin" (0.9)`.
  const raw =
    strength === null ? trimWrapping(rest) : trimWrapping(rest).replace(/^([^"“”「」`]*)["”」`]+$/u, '$1');
  const shown = JSON.stringify(text.slice(0, 60));
  if (normaliseTag(raw) === '') return `${shown} names no tag`;
  if (text.length > 4 * MAX_LENGTH || raw.length > MAX_LENGTH || raw.split(/\s+/u).length > MAX_WORDS) {
    return `${shown}... is too long for a tag`;
  }
  return { raw, strength };
}

/** Whether an entry ends in a strength, which marks a line as an entry even without a number or bullet. */
export function hasStrength(text: string): boolean {
  return takeStrength(text.slice(0, 4 * MAX_LENGTH).trim()).strength !== null;
}

/** Write "violin 0.9" as "violin (0.9)"; null where an entry ends otherwise. */
export function takeBareStrength(text: string): string | null {
  const match = AFTER_BLANK.exec(text.slice(0, 4 * MAX_LENGTH).trim());
  if (match === null || match.index === 0 || !(Number(match[1]) <= 1)) return null;
  return `${text.trim().slice(0, match.index)} (${match[1]!})`;
}

/** Read "0.9", "90%" (as 0.9) or a number; null for anything else. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (typeof value !== 'string') return null;
  const match = /^\s*(-?\d*\.?\d+)\s*(%?)\s*$/u.exec(value.slice(0, 20));
  if (match === null) return null;
  return match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
}

function takeStrength(text: string): { rest: string; strength: number | null } {
  for (const pattern of [IN_BRACKETS, AFTER_COLON, AFTER_DASH]) {
    const match = pattern.exec(text);
    if (match !== null && match.index > 0) {
      return { rest: text.slice(0, match.index).trim(), strength: toNumber(match[1]) };
    }
  }
  return { rest: text, strength: null };
}

// Only what a list or Markdown puts around an entry; the tag's own punctuation stays.
function trimWrapping(text: string): string {
  return text
    .trim()
    .replace(/\*\*([^*]+)\*\*/gu, '$1')
    .replace(/^["“「`]+(.*?)["”」`]*[,;，；、]*$/su, '$1')
    .replace(/[,;，；、]+$/u, '')
    .trim();
}
