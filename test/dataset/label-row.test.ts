import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLabelRows, type LabelRow } from '../../src/dataset/label-row.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

async function read(
  rows: readonly (string | object)[],
  { strict = false, groupBy }: { strict?: boolean; groupBy?: string } = {},
) {
  const content = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  const path = await folder.write('labels.jsonl', `${content}\n`);
  const problems = new RowProblems(strict);
  const kept: LabelRow[] = [];
  for await (const row of readLabelRows(path, { problems, ...(groupBy !== undefined && { groupBy }) }))
    kept.push(row);
  const place = `${path}:`;
  return { kept, messages: problems.first.map(({ message }) => message.replace(place, '')), problems };
}

const only = async (row: object) => (await read([row])).kept[0]!;

describe('readLabelRows, tags', () => {
  it('takes a tag as text, as pair, or as object with strength or score, in the given order', async () => {
    const tags = ['a', ['b', 0.5], ['c'], { tag: 'd', strength: 0 }, { tag: 'e', score: 1 }];
    expect((await only({ id: '1', text: 'x', tags })).tags).toEqual({
      item: [
        { tag: 'a', strength: null },
        { tag: 'b', strength: 0.5 },
        { tag: 'c', strength: null },
        { tag: 'd', strength: 0 },
        { tag: 'e', strength: 1 },
      ],
    });
  });

  it('has only the spaces that the row has, and an empty list where the list is empty', async () => {
    expect((await only({ id: '1', text: 'x' })).tags).toEqual({});
    expect((await only({ id: '1', text: 'x', user_tags: [] })).tags).toEqual({ user: [] });
    expect((await only({ id: '1', text: 'x', item_tags: null, tags: ['a'] })).tags).toEqual({
      item: [{ tag: 'a', strength: null }],
    });
  });

  it('prefers item_tags to tags, and keeps the other among the fields', async () => {
    const row = await only({ id: '1', text: 'x', tags: ['folksonomy'], item_tags: ['a'] });
    expect(row.tags.item).toEqual([{ tag: 'a', strength: null }]);
    expect(row.fields).toEqual({ tags: ['folksonomy'] });
  });

  it('keeps a tag exactly as given, and once where it stands twice', async () => {
    const { tags } = await only({
      id: '1',
      text: 'x',
      tags: [' Wine ', ['wine', 1], ['wine', 0.2], '历史 🧑‍🏫'],
    });
    expect(tags.item).toEqual([
      { tag: ' Wine ', strength: null },
      { tag: 'wine', strength: 1 },
      { tag: '历史 🧑‍🏫', strength: null },
    ]);
  });

  it.each([
    ['no list', 'x', '"tags" should be a list of tags, found "x"'],
    ['an object', { a: 1 }, '"tags" should be a list of tags, found {"a":1}'],
    ['a number as tag', ['a', 7], '"tags"[1]: a tag should be a text, found 7'],
    ['null as tag', [null], '"tags"[0]: a tag should be a text, found null'],
    ['a blank tag', [' '], '"tags"[0]: the tag is empty'],
    ['an empty pair', [[]], '"tags"[0]: should be ["tag", strength], found []'],
    ['a triple', [['a', 1, 2]], '"tags"[0]: should be ["tag", strength], found ["a",1,2]'],
    ['a strength below 0', [['a', -0.1]], 'strength of "a" should be a number from 0 to 1, found -0.1'],
    ['a strength over 1', [{ tag: 'a', score: 1.01 }], 'should be a number from 0 to 1, found 1.01'],
    ['a strength as text', [['a', '0.5']], 'should be a number from 0 to 1, found "0.5"'],
    ['an object without a tag', [{ name: 'a' }], '"tags"[0]: a tag should be a text, found nothing'],
  ])('leaves out a row with %s, and says what it found', async (_, tags, message) => {
    const { kept, messages } = await read([{ id: '1', text: 'x', tags }]);
    expect(kept).toEqual([]);
    expect(messages).toEqual([expect.stringContaining(message)]);
  });

  it('leaves out a row whose JSON holds NaN, which is no JSON', async () => {
    expect((await read(['{"id":"1","text":"x","tags":[["a",NaN]]}'])).messages).toEqual([
      expect.stringMatching(/^1: invalid JSON: /),
    ]);
  });
});

describe('readLabelRows, ids and texts', () => {
  it('takes numbers as ids, and item_id where there is no id', async () => {
    expect((await only({ id: 7, text: 'x' })).id).toBe('7');
    expect((await only({ item_id: 'a', text: 'x' })).id).toBe('a');
  });

  it('refuses an id that a JSON number cannot hold, which would silently become another', async () => {
    const { kept, messages } = await read(['{"id":12345678901234567891,"text":"x"}']);
    expect(kept).toEqual([]);
    expect(messages[0]).toContain('write it as a text');
  });

  it.each([[undefined], [null], [''], [' '], [true], [['a']]])('refuses %j as an id', async (id) => {
    const { messages } = await read([{ id, text: 'x' }]);
    expect(messages).toEqual([expect.stringMatching(/^1: "id" should be a text or a number, found /)]);
  });

  it('keeps the first of two rows with one id, also where one is a number, and names both lines', async () => {
    const { kept, messages } = await read([{ id: 1, text: 'a' }, '', { id: '1', text: 'b' }]);
    expect(kept.map(({ text }) => text)).toEqual(['a']);
    expect(messages).toEqual(['3: the id "1" stands twice; line 1 has it first']);
  });

  it('joins the parts of a text where there is no text, and keeps them as fields', async () => {
    const row = await only({ id: '1', text: null, title: 'T', abstract: 'A', content: ' ' });
    expect(row.text).toBe('T. A');
    expect(row.fields).toMatchObject({ title: 'T', abstract: 'A' });
  });

  it.each([
    ['A text.', 'T. A text.'],
    ['T: a text', 'T: a text'],
    [' T', ' T'],
    ['a T', 'T. a T'],
  ])('puts the title T before the text %j, unless it starts with it', async (text, expected) => {
    expect((await only({ id: '1', title: ' T ', text })).text).toBe(expected);
  });

  it('takes no blank, and nothing but a text, for a title', async () => {
    for (const title of [' ', null, 7]) expect((await only({ id: '1', title, text: 'x' })).text).toBe('x');
    expect((await read([{ id: '1', title: 'T', text: ' ' }])).messages).toEqual(['1: "text" is empty']);
  });

  it.each([
    ['', '"text" is empty'],
    [' \n\u3000', '"text" is empty'],
    [5, '"text" should be a text, found 5'],
    [undefined, '"text" should be a text, found nothing'],
  ])('refuses %j as a text', async (text, message) => {
    expect((await read([{ id: '1', text }])).messages).toEqual([`1: ${message}`]);
  });

  it('makes lone surrogates U+FFFD, in ids, texts and tags', async () => {
    const row = (await read(['{"id":"a\\ud83d","text":"b\\ude00","tags":["c\\ud83d"]}'])).kept[0]!;
    expect([row.id, row.text, row.tags.item![0]!.tag]).toEqual(['a\ufffd', 'b\ufffd', 'c\ufffd']);
  });

  it('shortens what it found in a message', async () => {
    const { messages } = await read([{ id: '1', text: 'x', tags: 'y'.repeat(10_000) }]);
    expect(messages[0]!.length).toBeLessThan(140);
  });
});

describe('readLabelRows, group, split and fields', () => {
  it('takes the group from the field that is asked for: a text, a number, or the first of a list', async () => {
    const rows = [
      { id: '1', text: 'x', authors: ['A', 'B'] },
      { id: '2', text: 'x', authors: 'C' },
      { id: '3', text: 'x', authors: 4 },
      { id: '4', text: 'x', authors: ' ' },
      { id: '5', text: 'x', group: 'not asked for' },
    ];
    const { kept } = await read(rows, { groupBy: 'authors' });
    expect(kept.map(({ group }) => group)).toEqual(['A', 'C', '4', null, null]);
    expect((await only(rows[4]!)).group).toBe('not asked for');
  });

  it('keeps a stated split, takes null for none, and refuses a split that is none', async () => {
    expect((await only({ id: '1', text: 'x', split: 'test' })).split).toBe('test');
    expect((await only({ id: '1', text: 'x', split: null })).split).toBeNull();
    expect((await read([{ id: '1', text: 'x', split: 'dev' }])).messages).toEqual([
      '1: "split" should be train, validation, test, found "dev"',
    ]);
  });

  it('keeps unknown fields, whatever they are called', async () => {
    const row = (await read(['{"id":"1","text":"x","shelf":3,"__proto__":{"a":1},"tags":[]}'])).kept[0]!;
    expect(JSON.stringify(row.fields)).toBe('{"shelf":3,"__proto__":{"a":1}}');
  });

  it('stops at the first bad row in strict mode', async () => {
    await expect(read([{ id: '1', text: 'x' }, { id: '2' }], { strict: true })).rejects.toMatchObject({
      code: 'E_BAD_ROW',
      line: 2,
      hint: expect.stringContaining('A row is'),
    });
  });

  it('keeps or counts every line, whatever JSON it holds', async () => {
    const anyRow = fc.oneof(
      fc.json(),
      fc
        .record({ id: fc.jsonValue(), text: fc.jsonValue(), tags: fc.jsonValue() })
        .map((row) => JSON.stringify(row)),
      fc
        .record({ id: fc.nat(9), text: fc.string(), tags: fc.array(fc.jsonValue()) })
        .map((row) => JSON.stringify(row)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 20 }), async (rows) => {
        const { kept, problems } = await read(rows);
        expect(kept.length + problems.count).toBe(rows.length);
        for (const { tags } of kept) {
          for (const { strength } of [...(tags.item ?? []), ...(tags.user ?? [])])
            expect(strength === null || (strength >= 0 && strength <= 1)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
