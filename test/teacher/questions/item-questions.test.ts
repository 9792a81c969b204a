import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { RowProblems } from '../../../src/dataset/row-problems.js';
import { writeDataset } from '../../../src/dataset/write-dataset.js';
import {
  itemQuestions,
  type ItemQuestions,
  type ItemQuestionsOptions,
} from '../../../teacher/questions/item-questions.js';
import { loadPrompt } from '../../../teacher/questions/prompts.js';
import type { ChatMessage } from '../../../teacher/questions/question.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { IMAGES } from './sample-images.js';

const folder = temporaryFolder();
const prompt = loadPrompt('item2tag.v1');
const png = IMAGES['image/png'];

interface Read {
  readonly items: ItemQuestions[];
  readonly problems: RowProblems;
}

async function read(file: string, options: Partial<ItemQuestionsOptions> = {}): Promise<Read> {
  const problems = options.problems ?? new RowProblems(false);
  const items: ItemQuestions[] = [];
  const all = { prompt, splitOf: () => 'train' as const, ...options, problems };
  for await (const item of itemQuestions(file, all)) items.push(item);
  return { items, problems };
}

const readLines = async (
  records: readonly unknown[],
  options?: Partial<ItemQuestionsOptions>,
): Promise<Read> =>
  read(
    await folder.write('items.jsonl', records.map((record) => JSON.stringify(record)).join('\n')),
    options,
  );

const messagesOf = async ({ items }: Read, index = 0): Promise<readonly ChatMessage[]> =>
  (await items[index]!.question(0)).messages;

describe('itemQuestions', () => {
  it('asks about what the student reads, by the prompt, for the sample', async () => {
    const { items } = await readLines([{ id: 7, title: 'Emma', text: 'A matchmaker errs.' }], {
      kind: 'book',
    });
    expect(items[0]!.item).toMatchObject({ item_id: '7', text: 'Emma. A matchmaker errs.', split: 'train' });
    const question = await items[0]!.question(2);
    expect(question).toMatchObject({ task: 'item2tag', sourceId: '7', sample: 2 });
    expect(question.prompt).toEqual({ id: 'item2tag.v1', hash: prompt.hash });
    expect(question.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(question.messages[0]!.content).toContain('For each book you are shown');
    expect(question.messages[1]!.content).toBe('Text: "Emma. A matchmaker errs."');
  });

  it('reads CSV and the items of another data set alike', async () => {
    const csv = await folder.write('items.csv', 'id,title,text\n7,Emma,A matchmaker errs.\n');
    const out = folder.path('set');
    await writeDataset({
      out,
      write: async (open) => {
        const table = await open('items');
        const row = { item_id: '7', group: null, split: 'test', fields: null } as const;
        await table.append({ ...row, text: 'Emma. A matchmaker errs.' });
        return { card: '', result: null };
      },
    });
    const [fromCsv, fromSet] = [await read(csv), await read(`${out}/items.arrow`)];
    expect(await messagesOf(fromSet)).toEqual(await messagesOf(fromCsv));
    expect(fromSet.items[0]!.item.split).toBe('test');
  });

  it('shows the named fields with their names; the student still reads its text', async () => {
    const result = await readLines([{ id: 1, title: 'Knots', text: 'A film.', asr: 'so today' }], {
      fields: ['title', 'asr', 'ocr'],
    });
    expect((await messagesOf(result))[1]!.content).toBe('Text: "Title: Knots\nASR: so today"');
    expect(result.items[0]!.item.text).toBe('Knots. A film.');
  });

  it('lets the student read the fields where the item has no text', async () => {
    const { items } = await readLines([{ id: 1, asr: 'so today' }], { fields: ['asr'] });
    expect(items[0]!.item.text).toBe('ASR: so today');
  });

  it('tells of a field that no item has', async () => {
    const { problems } = await readLines([{ id: 1, text: 'x' }], { fields: ['text', 'titel'] });
    expect(problems.first.map(({ message }) => message)).toEqual([
      expect.stringMatching(/items\.jsonl: no item has a field "titel"/),
    ]);
  });

  it('cuts a giant text, and says how much is left out', async () => {
    const result = await readLines([{ id: 1, text: 'x'.repeat(50_000) }]);
    const { content } = (await messagesOf(result))[1]!;
    expect(content).toBe(`Text: "${'x'.repeat(20_000)} [...]"`);
    expect(result.items[0]).toMatchObject({ nCut: 30_000, item: { text: 'x'.repeat(50_000) } });
  });

  it('counts bad rows by line and goes on; in strict mode the first one ends it', async () => {
    const lines = ['{"id": 1, "text": "a"}', '{broken', '{"text": "no id"}', '{"id": 1, "text": "again"}'];
    const file = await folder.write(
      'bad.jsonl',
      [...lines, '{"id": 2, "text": " "}', '{"id": 3, "text": "b"}'].join('\n'),
    );
    const { items, problems } = await read(file);
    expect(items.map(({ item }) => item.item_id)).toEqual(['1', '3']);
    expect(problems.first.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    await expect(read(file, { problems: new RowProblems(true) })).rejects.toMatchObject({
      code: 'E_BAD_ROW',
      line: 2,
    });
  });

  it('refuses a prompt of another task', async () => {
    await expect(
      readLines([{ id: 1, text: 'x' }], { prompt: loadPrompt('tag2tag-i2u.v1') }),
    ).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
    });
  });

  it('stops when it is told to', async () => {
    await expect(readLines([{ id: 1, text: 'x' }], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
  });
});

describe('exposure', () => {
  const records = [
    { id: 1, text: 'a', exposure: 500 },
    { id: 2, text: 'b', interactions: '499' },
    { id: 3, text: 'c' },
    { id: 4, text: 'd', exposure: 'many' },
    { id: 5, text: 'e', exposure: -1 },
  ];

  it('leaves out items below the threshold and tells of them; one that does not say is a problem', async () => {
    const leftOut: number[] = [];
    const { items, problems } = await readLines(records, {
      minExposure: 500,
      onLeftOut: (_, exposure) => leftOut.push(exposure),
    });
    expect(items.map(({ item, exposure }) => [item.item_id, exposure])).toEqual([['1', 500]]);
    expect(leftOut).toEqual([499]);
    expect(problems.first.map(({ line }) => line)).toEqual([3, 4, 5]);
    expect(problems.first[0]!.message).toMatch(/the item has no "exposure" or "interactions"/);
    expect(problems.first[1]!.message).toMatch(/"exposure" should be a number from 0 up, found "many"/);
  });

  it('does not matter where no threshold is given', async () => {
    const { items, problems } = await readLines(records);
    expect(items.map(({ exposure }) => exposure)).toEqual([500, 499, null, null, null]);
    expect(problems.count).toBe(0);
  });

  it('is read from the named field alone', async () => {
    const { items } = await readLines([{ id: 1, text: 'a', views: 9, exposure: 1 }], {
      minExposure: 5,
      exposureField: 'views',
    });
    expect(items[0]!.exposure).toBe(9);
  });
});

describe('images', () => {
  it('stand after the text, in their order, files as data URLs', async () => {
    await folder.write('cover.png', png);
    const result = await readLines([
      { id: 1, text: 'x', images: ['cover.png', 'https://example.org/b.png'] },
    ]);
    expect((await messagesOf(result))[1]!.content).toEqual([
      { type: 'text', text: 'Text: "x"' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } },
      { type: 'image_url', image_url: { url: 'https://example.org/b.png' } },
    ]);
  });

  it('make up for a text that is not there', async () => {
    const { items, problems } = await readLines([{ id: 1, images: 'https://example.org/b.png' }]);
    expect(problems.count).toBe(0);
    expect(items[0]!.item.text).toBe('');
  });

  it('do not go into the table of items themselves, but their paths do', async () => {
    await folder.write('cover.png', png);
    const data = `data:image/png;base64,${png.toString('base64')}`;
    const { items } = await readLines([
      { id: 1, text: 'x', images: data, year: 1 },
      { id: 2, text: 'x', images: 'cover.png' },
    ]);
    expect(items.map(({ item }) => item.fields)).toEqual(['{"year":1}', '{"images":"cover.png"}']);
  });

  it('that cannot be used make their item a problem, and no other', async () => {
    const { items, problems } = await readLines([
      { id: 1, text: 'x', images: ['nowhere.png'] },
      { id: 2, text: 'y' },
    ]);
    expect(items.map(({ item }) => item.item_id)).toEqual(['2']);
    expect(problems.first[0]).toMatchObject({
      line: 1,
      message: expect.stringMatching(/nowhere\.png/) as string,
    });
  });

  it('are read only when a question is made; one that is gone by then fails with the place of its item', async () => {
    await folder.write('gone.png', png);
    const { items } = await readLines([{ id: 1, text: 'x', images: 'gone.png' }]);
    await rm(folder.path('gone.png'));
    await expect(items[0]!.question(0)).rejects.toMatchObject({ code: 'E_BAD_ROW', line: 1 });
  });

  it('are the same for all samples of an item', async () => {
    await folder.write('once.png', png);
    const { items } = await readLines([{ id: 1, text: 'x', images: 'once.png' }]);
    const first = await items[0]!.question(0);
    await rm(folder.path('once.png'));
    expect((await items[0]!.question(1)).messages).toBe(first.messages);
  });
});
