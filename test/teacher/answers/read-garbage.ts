import { parseAnswer } from '../../../teacher/answers/parse-answer.js';

/** What this script prints, as JSON. */
export interface GarbageReport {
  readonly nRead: number;
  readonly states: string[];
}

const LENGTH = 250_000;
const UNITS = [
  ...[
    '<',
    '<li>',
    '<li ',
    '</think>',
    '<think>',
    '<|',
    '<|a|>',
    '&amp;',
    '[',
    '{',
    '"',
    "'",
    '{"a":',
    '["',
    '\\',
    '\\u',
  ],
  ...[
    '/*',
    '/* *',
    '//',
    '#',
    '# ',
    '#a ',
    '|',
    '| a |\n',
    '|-',
    '|--|\n',
    '1. ',
    '1. a\n',
    '(1)',
    '（1）',
    '- ',
    '**',
    '**a',
  ],
  ...[
    'item tags: ',
    'item tags:\n',
    '【',
    '【标签】',
    '标签：',
    '、',
    '一、',
    ',',
    'a,',
    'a, ',
    ' ',
    '\n',
    '\t',
    '\r',
    ': ',
    ' - ',
  ],
  ...[
    '(0.9)',
    '(0.9) - ',
    ' 0.9',
    '0.9\n',
    '[0.9',
    '95%',
    '```',
    '```json\n',
    '-tag: a\n',
    'score: 0.5\n',
    '\ud800',
    '😀',
    'a',
  ],
];
const FRAMES: readonly (readonly [string, string])[] = [
  ['', ''],
  ['{"item_tags": ["', ''],
  ['item tags:\n- ', '\n'],
];

const states = new Set<string>();
let nRead = 0;
for (const [i, unit] of UNITS.entries()) {
  for (const [j, [before, after]] of FRAMES.entries()) {
    const text = before + unit.repeat(Math.ceil(LENGTH / unit.length)) + after;
    states.add(parseAnswer((i + j) % 2 === 0 ? 'item2tag' : 'i2u', text, { isCut: j === 1 }).state);
    nRead++;
  }
}
const report: GarbageReport = { nRead, states: [...states] };
console.log(JSON.stringify(report));
