import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJson } from '../../../teacher/answers/tolerant-json.js';

const first = (text: string): unknown => findJson(text)[0]?.value;

describe('findJson', () => {
  it('reads whole JSON exactly as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        expect(findJson(text)).toEqual([{ value: JSON.parse(text) as unknown, isWhole: true }]);
      }),
    );
  });

  it('finds whole JSON in the middle of prose', () => {
    // Quotes that are escaped in JSON stay out: in a scan they may end a string.
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '音', '😀', '.') });
    const values = fc.array(fc.oneof(plain, fc.integer(), fc.boolean(), fc.array(plain)), { minLength: 1 });
    fc.assert(
      fc.property(values, (value) => {
        const [found] = findJson(`Here it is: ${JSON.stringify(value)} - good?`);
        expect(found).toEqual({ value, isWhole: true });
      }),
    );
  });

  it('finds several values in order', () => {
    expect(findJson('a {"x": [1]} b [2] c').map(({ value }) => value)).toEqual([{ x: [1] }, [2]]);
  });

  it.each([
    ['{"a": ["x", "y', { a: ['x'] }],
    ['{"a": ["x", "y"', { a: ['x', 'y'] }],
    ['{"a": [{"tag": "x", "score": 0.9}, {"tag": "y", "sco', { a: [{ tag: 'x', score: 0.9 }] }],
    ['{"a": [["x", 0.9], ["y", 0.', { a: [['x', 0.9]] }],
    ['[0.9, 0.9', [0.9]],
    ['[{"a": ["x"], "b', [{ a: ['x'] }]],
    ['{"a": ["x"], "b": ', { a: ['x'] }],
  ])('keeps the whole parts of %s', (text, value) => {
    expect(findJson(text)).toEqual([{ value, isWhole: false }]);
  });

  it.each([
    ['{"a": ["x",],}', { a: ['x'] }],
    ["{'a': ['women's fiction', True, None]}", { a: ["women's fiction", true, null] }],
    ['{"a": ["the "great" war"]}', { a: ['the "great" war'] }],
    ['{“a”：［］}'.replace('［］', '["x"，"y"]'), { a: ['x', 'y'] }],
    ['{a: [1, 2]}', { a: [1, 2] }],
    ['{"a": ["x"\n"y"]}', { a: ['x', 'y'] }],
    ['{"a": 95%, "b": [1]}', { a: '95%', b: [1] }],
    ['["\\u97f3\\n\\q", ]', ['音\nq']],
  ])('mends %s', (text, value) => expect(first(text)).toEqual(value));

  it('finds nothing in prose', () => expect(findJson('no braces here, "none"')).toEqual([]));

  it('sets an own property for a key named __proto__', () => {
    expect(Object.keys(first('{"__proto__": [1],}') as object)).toEqual(['__proto__']);
  });

  it.each(['[', '{"a":', '{', '["', '[{"a":[', "['", '[0.1,'])('survives a giant run of %j', (unit) => {
    expect(() => findJson(unit.repeat(200_000))).not.toThrow();
  });
});
