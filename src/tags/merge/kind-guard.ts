import type { Space } from '../../core/space.js';
import { byCodePoint } from '../code-point-order.js';
import { areOpposites, areSynonyms, isFiller, TIES } from './lexicon.js';
import { spellingWords } from './spelling-key.js';
import { wordKey } from './word-spelling.js';

// Words that mean one thing together; compared as one word.
const COMPOUNDS = new RegExp(
  `\\b(?:${[
    'science fiction|literary fiction|historical fiction|fan fiction|woman fiction|literary nonfiction',
    'young adult|new adult|middle grade|middle school|high school|first grade',
    'true crime|graphic novel|picture book|comic book|fairy tale|fairy tail|role playing|video game|short story',
    'book club|best friend|stay at home|self help|coming of age|love story|ghost story|detective story',
  ]
    .join('|')
    .split('|')
    .map((compound) => compound.split(' ').map(wordKey).join(' '))
    .join('|')})\\b`,
  'gu',
);
const ELEMENTARY = /\b(elementary|primary) school\b/gu;
const TV_SERIES = /\btv sery\b/gu;

// Behind these "reader" says nothing: whoever is meant reads.
const PEOPLE: ReadonlySet<string> = new Set(
  'adult teenager teen woman man boy girl child parent mother father millennial kid tween senior'
    .split(' ')
    .map(wordKey),
);

const RELATIONS: ReadonlySet<string> = new Set('relationship bond conflict romance'.split(' ').map(wordKey));
// What a pair of people has anyway.
const BONDS: ReadonlySet<string> = new Set(['relationship', 'bond']);
const KIN: ReadonlySet<string> = new Set(
  'child daughter son mother father brother sister sibling husband wife friend'.split(' ').map(wordKey),
);

export interface KindGuardOptions {
  readonly space: Space;
  /** Whether two words are nearly the same by their vectors. */
  readonly areNear?: (a: string, b: string) => boolean;
}

interface ParsedTag {
  /** Without ties. */
  readonly words: readonly string[];
  readonly ties: ReadonlySet<string>;
  /** The noun that says what it is: "reader" of "romance reader", "mother" of "mother of twins". */
  readonly head: string;
}

/**
 * Tells tags of different kinds, which are not merged however near their vectors.
 *
 * Words of one tag must have a partner in the other: the same word, a synonym, or one that is near and no opposite.
 * Words without one must add nothing ("story"), and only one tag may have them; numbers must be equal. For user tags
 * the heads ("reader" of "romance reader", "mother" of "mother of twins") must be the same or synonyms, so must those
 * of item tags with the same words: "police state" is no "state police". "memory loss" is not "memory and loss". Parsed tags and pairs of words are kept for the next time.
 */
export class KindGuard {
  private readonly space: Space;
  private readonly areNear: (a: string, b: string) => boolean;
  private readonly parsed = new Map<string, ParsedTag>();
  private readonly nearPairs = new Map<string, boolean>();

  constructor({ space, areNear = () => false }: KindGuardOptions) {
    this.space = space;
    this.areNear = areNear;
  }

  /** Say in what two tags differ, e.g. "mother / father" or "only one has young"; null if in nothing. */
  difference(a: string, b: string): string | null {
    // In one order, so that the answer does not depend on it.
    const [first, second] =
      byCodePoint(a, b) <= 0 ? [this.parse(a), this.parse(b)] : [this.parse(b), this.parse(a)];
    const restB = [...second.words];
    const restA = first.words.filter((word) => !takeOut(restB, (other) => other === word));
    return (
      differentNumber(restA, restB) ??
      differentOpposite(restA, restB) ??
      this.differentHead(first, second, restA.length + restB.length === 0) ??
      differentTies(first, second) ??
      this.differentWords([first, restA], [second, restB])
    );
  }

  private differentHead(a: ParsedTag, b: ParsedTag, isEveryWordShared: boolean): string | null {
    const isWanted = this.space === 'user' || (isEveryWordShared && !a.ties.has('and') && !b.ties.has('and'));
    return !isWanted || areSynonyms(a.head, b.head) ? null : `${a.head} / ${b.head}`;
  }

  private differentWords(
    [tagA, restA]: readonly [ParsedTag, readonly string[]],
    [tagB, restB]: readonly [ParsedTag, readonly string[]],
  ): string | null {
    const leftB = [...restB];
    const leftA = restA
      .filter((word) => !takeOut(leftB, (other) => areSynonyms(word, other)))
      .filter((word) => !takeOut(leftB, (other) => this.mayStandFor(word, other)));
    const isPairOf = tagA.ties.has('and') || tagB.ties.has('and');
    const adds =
      ({ words }: ParsedTag) =>
      (word: string) =>
        !(isPairOf && BONDS.has(word)) && !isFiller(word, words[words.indexOf(word) - 1], this.space);
    const extra = [...leftA.filter(adds(tagA)), ...leftB.filter(adds(tagB))];
    if (extra.length > 0) return `only one has ${extra.join(', ')}`;
    return leftA.length > 0 && leftB.length > 0 ? `${leftA.join(' ')} / ${leftB.join(' ')}` : null;
  }

  /** A compound stands for itself alone: its vector is near that of its parts. */
  private mayStandFor(a: string, b: string): boolean {
    if (a.includes('_') || b.includes('_')) return false;
    const key = `${a} ${b}`;
    let isNear = this.nearPairs.get(key);
    if (isNear === undefined) {
      isNear = this.areNear(a, b) && !areOpposites(a, b);
      this.nearPairs.set(key, isNear);
    }
    return isNear;
  }

  private parse(tag: string): ParsedTag {
    let parsed = this.parsed.get(tag);
    if (parsed === undefined) this.parsed.set(tag, (parsed = parse(tag, this.space)));
    return parsed;
  }
}

function parse(tag: string, space: Space): ParsedTag {
  const text = spellingWords(tag)
    .join(' ')
    .replace(ELEMENTARY, '$1')
    .replace(TV_SERIES, 'tv')
    .replace(COMPOUNDS, (compound) => compound.replaceAll(' ', '_'));
  let words = text.split(' ').filter((word) => word !== '');
  if (space === 'user' && words.at(-1) === 'reader' && PEOPLE.has(words.at(-2) ?? '')) {
    words = words.slice(0, -1);
  }
  const tie = words.findIndex((word, i) => i > 0 && TIES.has(word) && word !== 'and' && word !== 'or');
  return {
    words: words.filter((word) => !TIES.has(word)),
    ties: new Set(words.filter((word) => TIES.has(word))),
    head: words[(tie < 0 ? words.length : tie) - 1] ?? '',
  };
}

function differentNumber(restA: readonly string[], restB: readonly string[]): string | null {
  const number = [...restA, ...restB].find((word) => /\p{N}/u.test(word));
  return number === undefined ? null : `number ${number}`;
}

function differentOpposite(restA: readonly string[], restB: readonly string[]): string | null {
  for (const word of restA) {
    const opposite = restB.find((other) => areOpposites(word, other) && !areSynonyms(word, other));
    if (opposite !== undefined) return `${word} / ${opposite}`;
  }
  return null;
}

function differentTies(a: ParsedTag, b: ParsedTag): string | null {
  const [one, other] = a.ties.has('and') ? [a, b] : [b, a];
  if (one.ties.has('and') && !other.ties.has('and')) {
    const isPair =
      other.ties.has('versus') || other.ties.has('vs') || other.words.some((word) => RELATIONS.has(word));
    if (!isPair) return 'only one has and';
  }
  // A "child of an alcoholic" is no "alcoholic child".
  const [bound, free] = a.ties.has('of') ? [a, b] : [b, a];
  const isTurned =
    bound.ties.has('of') && !free.ties.has('of') && KIN.has(bound.head) && free.words.length > 1;
  return isTurned ? `only one has ${bound.head} of` : null;
}

function takeOut(words: string[], fits: (word: string) => boolean): boolean {
  const at = words.findIndex(fits);
  if (at >= 0) words.splice(at, 1);
  return at >= 0;
}
