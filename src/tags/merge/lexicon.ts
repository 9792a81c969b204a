import type { Space } from '../../core/space.js';
import { wordKey } from './word-spelling.js';

const words = (line: string): readonly string[] => line.split(' ').map(wordKey);

/** Words that tie others together and are left out when tags are compared. */
export const TIES: ReadonlySet<string> = new Set(
  'of the and to in for with a an on at from by or who as versus vs'.split(' '),
);

// Words that may stand for one another in a tag, by lines.
const SYNONYMS = `
adolescent teen teenage teenager
adultery infidelity unfaithfulness
airplane airport plane aeroplane
alternate alternative
attorney lawyer
author writer novelist
bereaved grieving bereavement
academy school
troubled unhappy
brave courageous
bravery courage
buff devotee enthusiast fan aficionado lover admirer fanatic junkie obsessive reader
child kid
comedy humor
conflict clash
cop policeman police
dad father
dwarf dwarves
educator teacher
female woman
fiction novel
film movie
grandma grandmother
grandpa grandfather
imaginary imagined
infant newborn baby
killer killing murder murderer
mom mother mommy
naval navy
resident dweller
novel book
parenting parenthood
paranormal supernatural
perspective viewpoint
physician doctor
prize award
rich wealthy
scary frightening
secret hidden
sea ocean
tourist traveler visitor
universe world
watcher viewer
`
  .trim()
  .split('\n')
  .map(words);

// Of each line, one excludes the other: tags that differ in them differ in kind, however near their vectors.
const OPPOSITES = `
mother father parent daughter son child grandmother grandfather grandparent aunt uncle sister brother sibling wife husband spouse widow widower cousin niece nephew twin
motherhood fatherhood parenthood sisterhood brotherhood boyhood girlhood womanhood childhood widowhood manhood
motherless fatherless childless
boy girl man woman lady gentleman
male female
hero heroine antihero antiheroine villain protagonist
prince princess king queen
witch wizard sorceress sorcerer
baby toddler preschooler kindergartner tween teenager teen adult preteen elder senior retiree infant
kindergarten preschool elementary middle high college university graduate undergraduate secondary primary
young old older younger middle-aged elderly eldest youngest
twentysomething thirtysomething fortysomething fiftysomething
beginner beginning advanced expert intermediate novice veteran newcomer
aspiring professional amateur former retired future current
reader writer author player viewer listener collector critic teacher student scholar maker artist designer singer owner leader member director editor publisher
doctor nurse patient
fraternity sorority
lesbian gay bisexual transgender straight
christian jewish muslim catholic hindu buddhist mormon protestant atheist secular
religion science
faith doubt reason
dystopia utopia dystopian utopian
north south east west northern southern eastern western midwestern
early late mid
ancient medieval modern contemporary victorian edwardian regency georgian elizabethan
spring summer autumn winter
small large big tiny
good evil
light dark
love hate
life death
war peace
rich poor
urban rural suburban
legal illegal
real fake
happy unhappy sad
married unmarried single divorced widowed
liberal conservative progressive
first last
hard soft
slow fast
human animal
cat dog horse
upstairs downstairs
army navy marine military
desert desertion
alien alienation
telepathy teleportation
psychopathy psychotherapy
graduating graduate
orphan orphanage
epic urban
winning losing
easy difficult
married divorced
danger safety
conscious unconscious
capitalism socialism communism
country nation city town village
hiv aids
dementia alzheimer
`
  .trim()
  .split('\n')
  .map(words);

// Words that add nothing to a topic or a role when one tag has them and the other has not.
const FILLERS: Readonly<Record<Space, readonly string[]>> = {
  item: words('setting life story tale theme session use era dynamics issue style'),
  user: words('show'),
};
// A reader of classics reads classic literature; but an Irish reader is no reader of Irish literature.
const GENRES = words(
  'adventure classic crime dystopian fantasy horror humor memoir mystery romance satire spy suspense thriller vampire',
);
const GENRE_FILLERS = words('book fiction literature novel');

const synonymLines = linesOf(SYNONYMS);
const oppositeLines = linesOf(OPPOSITES);

/** Whether two word keys may stand for one another. */
export function areSynonyms(a: string, b: string): boolean {
  return a === b || meet(synonymLines, a, b);
}

/** Whether one of two word keys excludes the other, as "mother" does "father", or "happy" "unhappy". */
export function areOpposites(a: string, b: string): boolean {
  return meet(oppositeLines, a, b) || isNegated(a, b) || isNegated(b, a);
}

/** Whether a word key adds nothing to the meaning of a tag, given the word before it. */
export function isFiller(word: string, before: string | undefined, space: Space): boolean {
  if (FILLERS[space].includes(word)) return true;
  return before !== undefined && GENRE_FILLERS.includes(word) && GENRES.includes(before);
}

function isNegated(word: string, other: string): boolean {
  return /^(?:non|un|in|im|il|ir|dis|anti|ex|post|pre|pseudo|mis)$/u.test(
    other.endsWith(word) ? other.slice(0, -word.length).replace(/-$/u, '') : '',
  );
}

function linesOf(lines: readonly (readonly string[])[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  lines.forEach((line, place) => {
    for (const word of line) places.set(word, [...(places.get(word) ?? []), place]);
  });
  return places;
}

function meet(lines: ReadonlyMap<string, readonly number[]>, a: string, b: string): boolean {
  const ofB = lines.get(b);
  return a !== b && (lines.get(a)?.some((place) => ofB?.includes(place) === true) ?? false);
}
