import { normaliseTag } from '../normalise.js';
import { wordKey } from './word-spelling.js';

const ARTICLES: ReadonlySet<string> = new Set(['the', 'a', 'an']);

// Short forms that are written as often as the long ones, after hyphens have gone.
const SHORT_FORMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:1st|first) world war\b|\bworld war (?:i|one)\b|\b(?:wwi|ww1)\b/gu, 'world war 1'],
  [/\b(?:2nd|second) world war\b|\bworld war (?:ii|two)\b|\b(?:wwii|ww2)\b/gu, 'world war 2'],
  [/\bsci ?fi\b/gu, 'science fiction'],
  [/\b(?:tv|television) (?:show|series)\b/gu, 'tv series'],
  [/\btelevision\b/gu, 'tv'],
  [/\bwashington d ?\.? ?c\b\.?/gu, 'washington dc'],
];

// "history of science" is "science history"; a "child of an alcoholic" is no "alcoholic child".
const HEADS_WITH_OF =
  /^(collector|enthusiast|family|fan|guardian|historian|history|lover|parent|professor|reader|scholar|student|survivor|teacher|veteran|victim|study|theory) of (.+)$/u;
const HEADS_WITH_TO = /^(newcomer|traveler|traveller|visitor) (?:to|in) (.+)$/u;

/**
 * Split a tag into the words that its spelling comes down to, in one order for all its spellings; not for print.
 *
 * Hyphens, "&", articles, plurals and the like as in {@link wordKey}; sides of a lone "and" in code point order; "of"
 * turned round behind heads where that changes nothing. Empty when nothing is left of the tag.
 */
export function spellingWords(raw: string): readonly string[] {
  const tag = normaliseTag(raw);
  let text = tag
    .replace(/&/gu, ' and ')
    .replace(/[-_/–—\s]+/gu, ' ')
    .trim();
  for (const [pattern, long] of SHORT_FORMS) text = text.replace(pattern, long);
  const turned = HEADS_WITH_OF.exec(text) ?? HEADS_WITH_TO.exec(text);
  if (turned !== null && !/ (?:of|to|in|and|with|for|from|who|without) /u.test(` ${turned[2]!} `)) {
    text = `${turned[2]!} ${turned[1]!}`;
  }
  const words = text.split(' ').filter((word) => word !== '');
  // "vitamin a" keeps its a.
  const kept = words.filter((word, i) => i === words.length - 1 || !ARTICLES.has(word));
  return sortSides(kept.map(wordKey));
}

/** Give the key under which spellings of one tag meet. "non-fiction" and "nonfiction" meet too. */
export function spellingKey(raw: string): string {
  const words = spellingWords(raw);
  if (words.length === 0) return normaliseTag(raw);
  return words.join(' ').replace(/(?<=\p{L}) (?=\p{L})/gu, '');
}

function sortSides(words: readonly string[]): readonly string[] {
  const at = words.indexOf('and');
  if (at <= 0 || at === words.length - 1 || words.lastIndexOf('and') !== at) return words;
  const left = words.slice(0, at);
  const right = words.slice(at + 1);
  return left.join(' ') <= right.join(' ') ? words : [...right, 'and', ...left];
}
