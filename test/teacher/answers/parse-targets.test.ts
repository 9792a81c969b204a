import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTargets } from '../../../teacher/answers/parse-targets.js';

const targetsOf = (text: string): unknown => {
  const answer = parseTargets(text);
  return answer.state === 'ok' ? answer.targets.map(({ raw, score }) => [raw, score]) : answer.state;
};

describe('parseTargets', () => {
  it.each([
    ['the list asked for', '1. violinist (1.00)\n2. 1960s music fan (0.40)'],
    [
      'prose around it',
      'Potential audience:\n\n1. violinist (1.00)\n2. 1960s music fan (0.40)\n\nHope this helps!',
    ],
    ['bullets', '- violinist: 1.0\n- 1960s music fan: 0.4'],
    [
      'bold names and explanations',
      '1) **violinist** (1.0): plays it every single day\n2) **1960s music fan** (0.4): knows the old records',
    ],
    ['bare lines with strengths', 'violinist (1.0)\n1960s music fan (0.4)'],
    ['JSON pairs', '[["violinist", 1], ["1960s music fan", 0.4]]'],
    [
      'JSON in an object',
      '```json\n{"answers": [{"tag": "violinist", "score": 1}, {"tag": "1960s music fan", "score": 0.4}]}\n```',
    ],
    [
      'JSON of the schema',
      '{"tags": [{"tag": "violinist", "score": 1}, {"tag": "1960s music fan", "score": 0.4}]}',
    ],
    [
      'JSON with the source first',
      '{"source": ["violin"], "tags": [["violinist", 1], ["1960s music fan", 0.4]]}',
    ],
    ['JSON lines', '{"tag": "violinist", "score": 1}\n{"role": "1960s music fan", "score": 0.4}\n'],
    ['a JSON map of objects', '{"violinist": {"score": 1}, "1960s music fan": {"score": 0.4}}'],
    ['a list in a string', '{"tags": "violinist (1.0), 1960s music fan (0.4)"}'],
    ['one line with strengths', 'violinist (1.00), 1960s music fan (0.40)'],
    ['other brackets', '1. violinist [1.00]\n2. 1960s music fan {0.40}'],
    [
      'explanations below',
      '1. violinist (1.00) - because\n   they play it\n2. 1960s music fan (0.40) - old\n   songs',
    ],
    [
      'a table',
      '| # | Person | Strength |\n|---|---|---|\n| 1 | violinist | 1.00 |\n| 2 | 1960s music fan | 0.4 |',
    ],
    ['HTML', '<ol>\n<li>violinist (1.00)</li><li>1960s music fan (0.40)</li></ol>'],
    [
      'prose with brackets',
      'Here is [a list] for {you}:\n1. violinist (1.00)\n2. 1960s music fan (0.40)\n\nSee [1].',
    ],
    ['a JSON map', '{"violinist": 1, "1960s music fan": 0.4}'],
  ])('reads %s', (_, text) =>
    expect(targetsOf(text)).toEqual([
      ['violinist', 1],
      ['1960s music fan', 0.4],
    ]),
  );

  it('reads one line with commas only if it cannot be a sentence', () => {
    expect(targetsOf('violinist, teacher, student, parent')).toHaveLength(4);
    expect(targetsOf("I'm sorry, I cannot help with that, friend.")).toBe('unparseable');
    expect(targetsOf('violinist, teacher')).toBe('unparseable');
  });

  it('reads a Chinese list', () => {
    expect(targetsOf('1、音乐老师（0.9）\n2、学生（0.8）')).toEqual([
      ['音乐老师', 0.9],
      ['学生', 0.8],
    ]);
  });

  it('reads bare lines only if they cannot be prose', () => {
    expect(targetsOf('violinist\nstudent\nteacher\nparent of a musician')).toHaveLength(4);
    expect(targetsOf('violinist\nstudent')).toBe('unparseable');
    expect(targetsOf('I am sorry.\nI cannot help.\nAsk me\nsomething else')).toBe('unparseable');
  });

  it('leaves out an entry that breaks off', () => {
    const whole = '1. violinist (1.00)\n2. music student (0.80)\n3. opera fan (0.50)';
    const all = targetsOf(whole) as unknown[];
    for (let end = whole.indexOf('2.'); end < whole.length; end++) {
      const kept = targetsOf(whole.slice(0, end));
      // With one entry before it, nothing tells a cut one from one without a strength.
      if (end > whole.indexOf('3.')) expect(kept).toEqual(all.slice(0, 2));
      const answer = parseTargets(whole.slice(0, end), { isCut: true });
      expect(answer).toMatchObject({ targets: { length: end > whole.indexOf('3.') - 1 ? 2 : 1 } });
    }
  });

  it('keeps a last entry without a strength where it is explained, or prose follows', () => {
    const list = '1. violinist (1.00)\n2. student (0.80)\n';
    expect(targetsOf(`${list}3. opera fan: likes music`)).toHaveLength(3);
    expect(targetsOf(`${list}3. opera fan\n\nHope this helps!`)).toHaveLength(3);
  });

  it('finds empty and listless answers unparseable', () => {
    expect(parseTargets(' ')).toEqual({ state: 'unparseable', reason: 'the answer is empty', notes: [] });
    expect(targetsOf('No idea.')).toBe('unparseable');
    expect(targetsOf('[]')).toBe('unparseable');
  });

  it('never throws', () => {
    const piece = fc.constantFrom('1. ', '\n', 'x', '(0.9)', ': ', '{', '[', '"', ']', ',', '95', '%', '音');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((p) => p.join('')),
        ),
        (text) => {
          expect(['ok', 'unparseable']).toContain(parseTargets(text).state);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
