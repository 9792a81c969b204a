const LIST_MARK =
  /^(?:(?:[-–—+•·‣◦▪●○]|\*(?!\*)) ?(?=\P{N})|\(?\d{1,3} ?[.)\]、:](?=\s|\p{L}|["'“「])\s*|[①-⑳❶-❿]\s*|[一二三四五六七八九十]{1,3}、)+/u;
const QUOTES = new Set('"*`_~“”„«»「」『』');
const TRAILING = new Set('.,;:!?。、，；：！？…｡');
const BRACKETS: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '<': '>',
  '（': '）',
  '【': '】',
  '《': '》',
  '〈': '〉',
  "'": "'",
};
// Most tags: they have nothing that could change.
const NORMAL = /^[a-z0-9]+(?:[ '-][a-z0-9]+)*$/u;

/**
 * Normalise a tag as given to the form in which tags are counted and compared.
 *
 * NFKC, lower case (no locale), white space collapsed, control and zero-width characters dropped, typographic
 * quotes and hyphens made plain. List marks ("1. ", "- ", "①"), quotes and brackets around the whole, `**bold**`
 * and trailing punctuation go; the dot of "u.s." stays. A tail goes by the rule of {@link splitExplanation}.
 * Normalising twice changes nothing. '' when nothing is left, e.g. for "..." or "1. ".
 */
export function normaliseTag(raw: string): string {
  let tag = raw;
  for (;;) {
    if (NORMAL.test(tag)) return tag;
    const next = pass(tag);
    if (next === tag) return tag;
    tag = next;
  }
}

function pass(tag: string): string {
  const plain = collapse(tag.replace(LIST_MARK, ''))
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’ʼ]/gu, "'")
    .replace(/[“”]/gu, '"')
    .replace(/[‐‑‒]/gu, '-')
    .replace(/\*\*([^*]+)\*\*/gu, '$1');
  const unlisted = collapse(plain).replace(LIST_MARK, '');
  return collapse(trimMarks(splitExplanation(unlisted).tag));
}

function collapse(text: string): string {
  return text
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, '')
    .trim();
}

function trimMarks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && (QUOTES.has(text[start]!) || text[start] === ' ')) start++;
  while (
    end > start &&
    (QUOTES.has(text[end - 1]!) || TRAILING.has(text[end - 1]!) || text[end - 1] === ' ')
  ) {
    if (text[end - 1] === '.' && isAbbreviation(text.slice(Math.max(start, end - 5), end))) break;
    end--;
  }
  const closing = BRACKETS[text[start] ?? ''];
  if (closing !== undefined && end - start > 1 && text[end - 1] === closing) {
    const inner = text.slice(start + 1, end - 1);
    if (!inner.includes(closing)) return inner;
  }
  return text.slice(start, end);
}

function isAbbreviation(end: string): boolean {
  return /(?:^|[^\p{L}])\p{L}\.\p{L}\.$/u.test(end);
}

/**
 * Split "tag: explanation" or "tag - explanation" into its halves.
 *
 * The tail counts as an explanation if it has at least four words (eight characters where words are not spaced) or
 * ends as a sentence does; so "sci-fi: space opera" and "work - life" stay whole.
 */
export function splitExplanation(text: string): {
  readonly tag: string;
  readonly explanation: string | null;
} {
  const match = /[:：](?=\s|\p{Script=Han})|：|\s[-–—]\s|——/u.exec(text);
  if (match === null || match.index === 0) return { tag: text, explanation: null };
  const explanation = text.slice(match.index + match[0].length).trim();
  const isLong = explanation.split(/\s+/u).length >= 4 || /\p{Script=Han}{8}/u.test(explanation);
  const isSentence = /[^.][.!。！]$/u.test(explanation);
  if (!isLong && !isSentence) return { tag: text, explanation: null };
  return { tag: text.slice(0, match.index).trim(), explanation };
}

/** Drop the number or bullet that a list puts before its entry: "1. ", "2) ", "- ", "①", "一、". */
export function stripListMark(line: string): string {
  return line.trim().replace(LIST_MARK, '').trim();
}
