import { afterThoughts } from './thoughts.js';

const THOUGHT_START = /^\s*<(?:think|thinking|thought|reasoning)>|^\s*<\|channel\|>analysis/u;
const SPECIAL_TOKENS = /<\|[a-z_]{2,30}\|>|<\/s>/gu;
const PAGE = /^\s*(?:<\?xml|<!doctype html|<html)/iu;
const LINE_TAGS = /<(?:li|\/?(?:ul|ol|p|div|tr|h[1-6])|br\s?\/?)(?:\s[^<>]{0,200})?>/giu;
const TAGS = /<\/?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,200})?\/?>/giu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};

/**
 * Give the answer itself: without what a reasoning model thinks before it, and the special tokens of its template.
 *
 * Thoughts that never end leave no answer, and neither does the error page of a gateway. Lone surrogates become
 * U+FFFD.
 */
export function answerText(text: string): string {
  const answer = afterThoughts(text);
  if ((answer === text && THOUGHT_START.test(text)) || PAGE.test(text)) return '';
  return answer.replace(SPECIAL_TOKENS, '\n').toWellFormed();
}

/** Say why nothing is left of an answer. */
export function emptyReason(text: string): string {
  if (PAGE.test(text)) return `the answer is a web page of ${text.length} characters`;
  if (text.trim() === '') return 'the answer is empty';
  return `the answer has ${text.length} characters of thoughts and nothing after them`;
}

/** Bring an answer in HTML to lines, list items to bullets; other text stays as it is. */
export function withoutHtml(text: string): string {
  if (!/<(?:li|br|p|tr|h[1-6])\b/iu.test(text)) return text;
  return text
    .replace(LINE_TAGS, (tag) => (/^<li/iu.test(tag) ? '\n- ' : '\n'))
    .replace(TAGS, '')
    .replace(/&(?:lt|gt|quot|#39|nbsp|amp);/gu, (entity) => ENTITIES[entity]!);
}

/**
 * Drop the last entry of a list that was cut short: the text after its last whole line, or, where that line is no
 * list entry, after its last comma.
 */
export function withoutLastEntry(text: string): string {
  const line = text.lastIndexOf('\n') + 1;
  const isEntry = /^\s*(?:[-*•]|[（(]?\d{1,3}[.)、．）])/u.test(text.slice(line, line + 20));
  if (isEntry) return text.slice(0, line);
  const last = text.slice(line);
  const comma = Math.max(...[',', '，', '、', ';', '；'].map((mark) => last.lastIndexOf(mark)));
  return text.slice(0, line + Math.max(0, comma));
}
