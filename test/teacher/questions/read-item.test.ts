import { describe, expect, it } from 'vitest';
import { readItem, type ItemReading } from '../../../teacher/questions/read-item.js';

const reading: ItemReading = {
  splitOf: (group, id) => (group === null ? 'test' : id === '9' ? 'validation' : 'train'),
};

describe('readItem', () => {
  it('joins title, authors and text, and keeps the other fields as JSON', () => {
    const record = {
      id: 2,
      title: 'Emma',
      authors: ['Jane Austen', 'A. Editor'],
      year: 1815,
      text: 'A matchmaker errs.',
    };
    expect(readItem(record, reading)).toEqual({
      item_id: '2',
      text: 'Emma. Jane Austen, A. Editor. A matchmaker errs.',
      group: 'Jane Austen',
      split: 'train',
      fields: '{"title":"Emma","authors":["Jane Austen","A. Editor"],"year":1815}',
    });
  });

  it.each([
    [{ title: 'Catching Fire (The Hunger Games, #2)', authors: ['Suzanne Collins'] }, 'The Hunger Games'],
    [{ title: 'The Shining (The Shining #1)' }, 'The Shining'],
    [{ title: 'Guards! Guards! (Discworld, #8; City Watch #1)' }, 'Discworld'],
    [{ title: 'I Am America (And So Can You!)', authors: ['Stephen Colbert', 'X'] }, 'Stephen Colbert'],
    [{ title: 'Nancy Drew: #1-64', authors: 'Carolyn Keene; Y' }, 'Carolyn Keene'],
    [{ title: 'Beowulf' }, null],
  ])('groups %j by series, else first author', (record, group) => {
    expect(readItem({ id: 'x', ...record }, reading)).toMatchObject({ group });
  });

  it('takes a description or an abstract where there is no text', () => {
    expect(readItem({ id: 1, title: 'T', description: 'D.' }, reading)).toMatchObject({ text: 'T. D.' });
    expect(readItem({ id: 1, abstract: 'A.' }, reading)).toMatchObject({ text: 'A.' });
  });

  it('keeps the row of another data set, its group and its split', () => {
    const row = {
      item_id: '7',
      text: 'A text.',
      group: 'g',
      split: 'test',
      fields: '{"title":"T"}',
    } as const;
    expect(readItem(row, reading)).toEqual(row);
  });

  it('keeps the vector of a row, which then needs no text', () => {
    expect(readItem({ id: 1, embedding: [1, 0.5] }, reading)).toEqual({
      item_id: '1',
      text: '',
      group: null,
      split: 'test',
      fields: null,
      embedding: Float32Array.of(1, 0.5),
    });
    expect(readItem({ id: 1, text: 'x', embedding: ['1'] }, reading)).toMatchObject({
      message: 'item "1": "embedding"[0] should be a number, found "1"',
    });
  });

  it('takes a split that it does not know for none', () => {
    expect(readItem({ id: '9', text: 'x', group: 'g', split: 'dev' }, reading)).toMatchObject({
      split: 'validation',
    });
  });

  it('notes an item that the teacher did not know', () => {
    expect(readItem({ id: 1, text: 'x' }, reading, { unknownIds: new Set(['1']) })).toMatchObject({
      fields: '{"teacher_known":false}',
    });
    expect(readItem({ id: 2, text: 'x' }, reading, { unknownIds: new Set(['1']) })).toMatchObject({
      fields: null,
    });
  });

  it('replaces lone surrogates in the text, and writes 64-bit numbers as numbers', () => {
    expect(readItem({ id: 1, text: 'a\ud800b 😀', year: 1997n }, reading)).toMatchObject({
      text: 'a\ufffdb 😀',
      fields: '{"year":1997}',
    });
  });

  it('takes the text and the group from functions where they are given', () => {
    const own: ItemReading = { ...reading, itemText: ({ body }) => String(body), groupOf: () => 'one' };
    expect(readItem({ id: 1, body: 'the body' }, own)).toMatchObject({ text: 'the body', group: 'one' });
  });

  it.each([
    [{ text: 'x' }, /no usable id: the field is missing/],
    [{ id: ' ', text: 'x' }, /no usable id: " "/],
    [{ id: 2 ** 53, text: 'x' }, /no usable id: 9007199254740992/],
    [{ id: {}, text: 'x' }, /no usable id: {}/],
    [{ id: 1 }, /item "1" has no text/],
    [{ id: 1, text: '  \n' }, /item "1" has no text/],
    [{ id: 1, text: 5 }, /item "1" has no text/],
  ])('finds a problem in %j', (record, message) => {
    expect(readItem(record, reading)).toMatchObject({ message: expect.stringMatching(message) as string });
  });
});
