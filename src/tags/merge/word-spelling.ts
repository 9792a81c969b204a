// American forms of words that the rules below do not reach.
const RESPELT: Readonly<Record<string, string>> = {
  aeon: 'eon',
  aesthetic: 'esthetic',
  ageing: 'aging',
  anaemia: 'anemia',
  archaeologist: 'archeologist',
  archaeology: 'archeology',
  artefact: 'artifact',
  axe: 'ax',
  calibre: 'caliber',
  centre: 'center',
  cosy: 'cozy',
  defence: 'defense',
  encyclopaedia: 'encyclopedia',
  enrol: 'enroll',
  fibre: 'fiber',
  foetus: 'fetus',
  fulfil: 'fulfill',
  grey: 'gray',
  jewellery: 'jewelry',
  judgement: 'judgment',
  leukaemia: 'leukemia',
  licence: 'license',
  litre: 'liter',
  manoeuvre: 'maneuver',
  mediaeval: 'medieval',
  metre: 'meter',
  moustache: 'mustache',
  mould: 'mold',
  mum: 'mom',
  offence: 'offense',
  orthopaedic: 'orthopedic',
  paediatric: 'pediatric',
  paediatrician: 'pediatrician',
  plough: 'plow',
  practise: 'practice',
  pretence: 'pretense',
  primaeval: 'primeval',
  programme: 'program',
  pyjama: 'pajama',
  sabre: 'saber',
  sceptic: 'skeptic',
  sceptical: 'skeptical',
  scepticism: 'skepticism',
  skilful: 'skillful',
  sombre: 'somber',
  spectre: 'specter',
  sulphur: 'sulfur',
  theatre: 'theater',
  wilful: 'willful',
};

// British to American, as keys: "wise" and "vogue" change too, but meet no other word.
const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /^(arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|misdemean|neighb|od|parl|ranc|rig|rum|sav|savi|splend|succ|tum|val|vap|vig|disfav|dishon|enam|discol)our/u,
    '$1or',
  ],
  [/(?<=\p{L}{3})is(e|ed|er|ing|ation)$/u, 'iz$1'],
  [/(?<=anal|paral|catal|dial)ys(e|ed|er|ing)$/u, 'yz$1'],
  [/(?<=\p{L}{2})ogue$/u, 'og'],
  [
    /^(cancel|counsel|duel|fuel|jewel|label|level|marvel|model|quarrel|rival|signal|travel|tunnel|unravel)l(ed|er|ing|or)$/u,
    '$1$2',
  ],
];

const IRREGULAR: Readonly<Record<string, string>> = {
  children: 'child',
  feet: 'foot',
  geese: 'goose',
  mice: 'mouse',
  men: 'man',
  people: 'person',
  teeth: 'tooth',
  women: 'woman',
};

// Words in -s whose form without it means something else.
const NO_PLURAL: ReadonlySet<string> = new Set([
  'arms',
  'clothes',
  'customs',
  'glasses',
  'goods',
  'means',
  'news',
]);

// A key, not a word: "movie" and "movies" meet at "movy", "shoe" and "shoes" at "sho".
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/(?:ies|ie)$/u, 'y'],
  [/(?<=wol|el|dwar|thie|lea|loa|hal|scar|cal)ves$/u, 'f'],
  [/(?<=kni|wi|^li|[^o]li)ves$/u, 'fe'],
  [/(?<=ss|sh|ch|x|zz)es$/u, ''],
  [/(?:oes|oe)$/u, 'o'],
  [/(?<=\p{L})(?<!s|u|i)s$/u, ''],
];

const CARDINALS =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth';
const NUMBERS = new Map<string, string>([
  ...CARDINALS.split(' ').map((word, i) => [word, String(i + 1)] as const),
  ...ORDINALS.split(' ').map((word, i) => [word, `${i + 1}${['st', 'nd', 'rd'][i] ?? 'th'}`] as const),
]);

/**
 * Give the key under which the spellings of one lower-case word meet; not for print.
 *
 * Plural and singular ("mother's" counts as "mothers"), British and American, "eighteenth" and "18th", "u.s." and
 * "us".
 */
export function wordKey(word: string): string {
  const plain = /^(?:\p{L}\.)+\p{L}?$/u.test(word) ? word.replaceAll('.', '') : word.replace(/'s?$/u, '');
  const digits = NUMBERS.get(plain);
  if (digits !== undefined) return digits;
  const single = singular(plain);
  if (Object.hasOwn(RESPELT, single)) return RESPELT[single]!;
  const rule = RULES.find(([pattern]) => pattern.test(single));
  return rule === undefined ? single : single.replace(...rule);
}

function singular(word: string): string {
  if (Object.hasOwn(IRREGULAR, word)) return IRREGULAR[word]!;
  if (word.length < 4 || NO_PLURAL.has(word)) return word;
  const plural = PLURALS.find(([ending]) => ending.test(word));
  const stem = plural === undefined ? word : word.replace(...plural);
  return Object.hasOwn(IRREGULAR, stem) ? IRREGULAR[stem]! : stem;
}
