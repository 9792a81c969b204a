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
