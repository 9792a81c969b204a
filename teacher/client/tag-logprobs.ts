import type { TokenLogprob } from './chat-types.js';

interface Span {
  readonly start: number;
  readonly end: number;
}

const THOUGHTS_END = /<\/(?:think|thinking|thought|reasoning)>|<\|channel\|>final<\|message\|>/gu;

type Fits = (text: string, span: Span) => boolean;

/**
 * Give each tag the sum of the log-probabilities of its tokens: how likely the teacher was to write it there.
 *
 * A token counts that shares a byte with the tag; quotes and blanks beside it only where they share its token. A tag
 * that stands twice is looked for in order. Tags whose place cannot be found are left out.
 *
 * @param tags as parsed, in order
 * @returns null where the tokens do not make up the text, or no tag is found
 */
export function tagLogprobs(
  rawText: string,
  tokens: readonly TokenLogprob[],
  tags: readonly string[],
): (readonly [string, number])[] | null {
  const starts = tokenStarts(rawText, tokens);
  if (starts === null) return null;
  const used: Span[] = [];
  const sums: (readonly [string, number])[] = [];
  for (const tag of tags) {
    const span = findTag(rawText, tag, used);
    if (span === null) continue;
    used.push(span);
    const start = Buffer.byteLength(rawText.slice(0, span.start));
    const end = start + Buffer.byteLength(rawText.slice(span.start, span.end));
    sums.push([tag, sumOver(tokens, starts, { start, end })]);
  }
  return sums.length === 0 ? null : sums;
}

/** Where each token starts in the text's UTF-8, shape [nTokens + 1]; thoughts before the text are below 0. */
function tokenStarts(rawText: string, tokens: readonly TokenLogprob[]): Int32Array | null {
  const pieces = tokens.map(({ token, bytes }) =>
    bytes === undefined ? Buffer.from(token) : Buffer.from(bytes),
  );
  const offset = rawText === '' ? -1 : Buffer.concat(pieces).lastIndexOf(Buffer.from(rawText));
  if (offset < 0) return null;
  const starts = new Int32Array(tokens.length + 1); // [nTokens + 1]
  let at = -offset;
  for (const [i, { length }] of pieces.entries()) {
    starts[i] = at;
    at += length;
  }
  starts[tokens.length] = at;
  return starts;
}

function sumOver(tokens: readonly TokenLogprob[], starts: Int32Array, { start, end }: Span): number {
  let sum = 0;
  for (const [i, { logprob }] of tokens.entries()) {
    if (starts[i]! < end && starts[i + 1]! > start && starts[i]! < starts[i + 1]!) sum += logprob;
  }
  return Math.round(sum * 1e6) / 1e6;
}

/** As a JSON string, as a JSON key, at the head of a line, or anywhere, but never inside a longer word. */
function findTag(text: string, tag: string, used: readonly Span[]): Span | null {
  const from = Math.max(0, ...Array.from(text.matchAll(THOUGHTS_END), ({ index }) => index));
  const quoted = JSON.stringify(tag).slice(1, -1);
  const escaped = quoted.replace(/[^\x20-\x7e]/gu, escapeUnits);
  for (const written of new Set([quoted, escaped])) {
    for (const fits of [isString, isKey]) {
      const span = find(text, written, { from, used, fits });
      if (span !== null) return span;
    }
  }
  return find(text, tag, { from, used, fits: isAtHead }) ?? find(text, tag, { from, used, fits: isWhole });
}

function find(
  text: string,
  written: string,
  { from, used, fits }: { readonly from: number; readonly used: readonly Span[]; readonly fits: Fits },
): Span | null {
  for (let start = text.indexOf(written, from); start >= 0; start = text.indexOf(written, start + 1)) {
    const span = { start, end: start + written.length };
    if (used.every((other) => other.end <= span.start || other.start >= span.end) && fits(text, span))
      return span;
  }
  return null;
}

const isQuoted: Fits = (text, { start, end }) => text[start - 1] === '"' && text[end] === '"';
const isBeforeColon: Fits = (text, { end }) => /^"\s*:/u.test(text.slice(end, end + 20));
const isString: Fits = (text, span) => isQuoted(text, span) && !isBeforeColon(text, span);
const isKey: Fits = (text, span) => isQuoted(text, span) && isBeforeColon(text, span);
// Scripts without blanks between words have no inside of a word.
const IN_WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;
const splitsWord = (text: string, at: number): boolean =>
  IN_WORD.test(text[at - 1] ?? '') && IN_WORD.test(text[at] ?? '');
const isWhole: Fits = (text, { start, end }) => !splitsWord(text, start) && !splitsWord(text, end);
const isAtHead: Fits = (text, span) => {
  const line = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start);
  return /^[^\p{L}]*$/u.test(line) && isWhole(text, span);
};

function escapeUnits(char: string): string {
  return Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
