import { describe, expect, it } from 'vitest';
import { RowProblems } from '../../../src/dataset/row-problems.js';
import type { Direction, ItemTagRow } from '../../../src/dataset/rows.js';
import { writeDataset } from '../../../src/dataset/write-dataset.js';
import { loadPrompt } from '../../../teacher/questions/prompts.js';
import { readSourceTags, type ReadSourceTagsOptions } from '../../../teacher/questions/source-tags.js';
import { tagQuestions } from '../../../teacher/questions/tag-questions.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const both: Direction[] = ['i2u', 'u2i'];

async function read(path: string, options: Partial<ReadSourceTagsOptions> = {}): Promise<string[]> {
  const tags = await readSourceTags(path, { directions: both, problems: new RowProblems(false), ...options });
  return tags.map(({ direction, tag }) => `${direction} ${tag}`);
}

describe('tagQuestions', () => {
  it('asks about each tag by the prompt of its direction', async () => {
    const prompts = { i2u: loadPrompt('tag2tag-i2u.v1'), u2i: loadPrompt('tag2tag-u2i.v1') };
    const tags = [
      { direction: 'i2u', tag: 'violin' },
      { direction: 'u2i', tag: 'new parent' },
    ] as const;
    const questions = await Promise.all(
      Array.from(tagQuestions(tags, { prompts, kind: 'book' }), (q) => q.question(1)),
    );
    expect(
      questions.map(({ task, sourceId, sample, prompt }) => [task, sourceId, sample, prompt.id]),
    ).toEqual([
      ['i2u', 'violin', 1, 'tag2tag-i2u.v1'],
      ['u2i', 'new parent', 1, 'tag2tag-u2i.v1'],
    ]);
    expect(questions[0]!.messages.at(-1)!.content).toBe(
      'The book has content about violin. List its potential audience.',
    );
    expect(questions[1]!.messages.at(-1)!.content).toBe(
      'The user is a new parent. List the interests of such a person.',
    );
  });

  it('refuses a prompt that has no place for a tag', () => {
    const questions = tagQuestions([{ direction: 'i2u', tag: 'x' }], {
      prompts: { i2u: loadPrompt('item2tag.v1') },
    });
    expect(() => [...questions]).toThrow(/does not ask i2u: its placeholders are {{kind}}, {{text}}/);
  });
});

describe('readSourceTags', () => {
  it('reads a line a tag, each once by its normalised form', async () => {
    const file = await folder.write('tags.txt', '\ufeffviolin\r\n\n1. Violin\n"fishing town"\n...\nviolin\n');
    const problems = new RowProblems(false);
    expect(await read(file, { directions: ['i2u'], problems })).toEqual(['i2u violin', 'i2u fishing town']);
    expect(problems.first.map(({ line }) => line)).toEqual([5]);
  });

  it('does not guess the direction of a text file', async () => {
    await expect(read(await folder.write('tags.txt', 'violin\n'))).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
    });
  });

  it('reads direction or space from JSONL and tables, in the order of the file', async () => {
    const lines = [
      '{"tag":"z","direction":"i2u"}',
      '{"tag":"a","space":"item"}',
      '{"tag":"p","space":"user"}',
    ];
    const jsonl = await folder.write(
      'tags.jsonl',
      [...lines, '{"tag":"?"}', '{"tag":5,"space":"user"}'].join('\n'),
    );
    const problems = new RowProblems(false);
    expect(await read(jsonl, { problems })).toEqual(['i2u z', 'i2u a', 'u2i p']);
    expect(problems.first.map(({ line }) => line)).toEqual([4, 5]);
    expect(await read(jsonl, { directions: ['u2i'] })).toEqual(['u2i p']);
    const csv = await folder.write('tags.csv', 'tag,space\nviolin,item\npilot,user\n');
    expect(await read(csv)).toEqual(['i2u violin', 'u2i pilot']);
  });

  it('takes the tags of a data set, the most used first, then by the alphabet, within its limits', async () => {
    const out = folder.path('set');
    const uses = ['item b', 'item a', 'item c', 'item c', 'user x', 'user y', 'user y', 'user y'];
    await writeDataset({
      out,
      write: async (open) => {
        const table = await open('item_tags');
        for (const [i, use] of uses.entries()) await table.append(tagRow(i, use));
        return { card: '', result: null };
      },
    });
    expect(await read(out)).toEqual(['i2u c', 'i2u a', 'i2u b', 'u2i y', 'u2i x']);
    expect(await read(out, { minUses: 2 })).toEqual(['i2u c', 'u2i y']);
    expect(await read(out, { maxTags: 2, directions: ['i2u'] })).toEqual(['i2u c', 'i2u a']);
    await expect(read(out, { minUses: 4 })).rejects.toThrow(
      /no source tag has 4 uses; distinct tags: 3 of i2u, 2 of u2i/,
    );
    await expect(read(out, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  it('says what is missing', async () => {
    await expect(read(folder.path('nowhere'))).rejects.toMatchObject({ code: 'E_FILE_MISSING' });
    const empty = await folder.write('empty.txt', '');
    await expect(read(empty, { directions: ['i2u'] })).rejects.toMatchObject({ code: 'E_FILE_EMPTY' });
    const blank = await folder.write('blank.txt', '\n\n');
    await expect(read(blank, { directions: ['i2u'] })).rejects.toMatchObject({ code: 'E_NO_ROWS' });
  });
});

function tagRow(i: number, use: string): ItemTagRow {
  const [space, tag] = use.split(' ') as ['item' | 'user', string];
  const unused = { rank: 0, score: null, votes: 1, samples: 1, logprob: null, call_keys: [] };
  return { ...unused, item_id: String(i), space, tag_raw: tag.toUpperCase(), tag };
}
