import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TagdistillError } from '../../../src/core/errors.js';
import { sha256 } from '../../../src/core/hash.js';
import { packagePath } from '../../../src/core/package-info.js';
import { loadPrompt, PROMPT_OF, renderPrompt, type Prompt } from '../../../teacher/questions/prompts.js';
import { parseTags } from '../../../teacher/answers/parse-tags.js';
import { parseTargets } from '../../../teacher/answers/parse-targets.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

describe('renderPrompt', () => {
  it('fills in what an item2tag request needs, as a system and a user message', () => {
    const messages = renderPrompt(loadPrompt('item2tag.v1'), { kind: 'book', text: 'A storm at sea.' });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(messages[1]?.content).toBe('Text: "A storm at sea."');
    expect(messages[0]?.content).toContain('For each book you are shown');
  });

  it.each(['tag2tag-i2u.v1', 'tag2tag-u2i.v1'] as const)('fills in %s', (id) => {
    const messages = renderPrompt(loadPrompt(id), { kind: 'book', tag: 'storm at sea' });
    expect(messages[1]?.content).toContain('storm at sea');
    expect(messages.map(({ content }) => content).join()).not.toContain('{{');
  });

  it('takes braces and dollar signs in an item for text', () => {
    const text = '{{kind}} costs $& or $1';
    expect(renderPrompt(loadPrompt('item2tag.v1'), { kind: 'book', text })[1]?.content).toBe(
      `Text: "${text}"`,
    );
  });

  it('names the placeholder that has no value, and the value that has no placeholder', () => {
    const prompt = loadPrompt('item2tag.v1');
    expect(() => renderPrompt(prompt, { kind: 'book' })).toThrow(/needs a value for {{text}}/);
    expect(() => renderPrompt(prompt, { kind: 'book', text: 'x', tag: 'y' })).toThrow(/no place for tag/);
  });
});

describe("a user's own prompt", () => {
  const load = async (text: string | Uint8Array): Promise<Prompt> =>
    loadPrompt(await folder.write('my prompt.md', text));

  it('is a file in any language, known by its name and the hash of its text', async () => {
    const text = '# system\n\n你给{{kind}}打标签。\n\n# user\n\n{{ text }}\n';
    const prompt = await load(text);
    expect(prompt).toEqual({ id: 'my prompt.md', text, hash: sha256(text) });
    expect(renderPrompt(prompt, { kind: '书', text: '海上风暴' })).toEqual([
      { role: 'system', content: '你给书打标签。' },
      { role: 'user', content: '海上风暴' },
    ]);
  });

  it('may leave the kind and the system part out, and give examples', async () => {
    const prompt = await load(
      '# user\r\nOf a storm\r\n# assistant\r\n{"a": {"b": 1}}\r\n# User \r\nOf {{text}}\r\n',
    );
    expect(renderPrompt(prompt, { kind: 'book', text: 'x' })).toEqual([
      { role: 'user', content: 'Of a storm' },
      { role: 'assistant', content: '{"a": {"b": 1}}' },
      { role: 'user', content: 'Of x' },
    ]);
  });

  it.each([
    ['', 'E_FILE_EMPTY', /the prompt is empty/],
    [' \n\n', 'E_FILE_EMPTY', /the prompt is empty/],
    [Buffer.of(0xff, 0xfe, 0x41), 'E_FILE_FORMAT', /not UTF-8/],
    ['Tag {{text}}', 'E_FILE_FORMAT', /no "# user" part/],
    ['# system\nTag {{text}}', 'E_FILE_FORMAT', /no "# user" part/],
    [
      '\nYou tag.\n# user\n{{text}}',
      'E_FILE_FORMAT',
      /my prompt\.md:2: this text stands before the first part/,
    ],
    ['# system\n\n# user\n{{text}}', 'E_FILE_FORMAT', /md:1: the "# system" part is empty/],
    ['# user\n{{text}}\n# assistant\nYes', 'E_FILE_FORMAT', /md:3: the last part is "# assistant"/],
    ['# user\n{{text}} by\n{{author}}', 'E_FILE_FORMAT', /md:3: {{author}} is no placeholder/],
    ['# user\n{{文本}}', 'E_FILE_FORMAT', /{{文本}} is no placeholder/],
    ['# user\nTag {text}', 'E_FILE_FORMAT', /neither {{text}} nor {{tag}}/],
    ['# user\n{{text}} {{tag}}', 'E_FILE_FORMAT', /both {{text}} and {{tag}}/],
  ])('is refused where it says %j', async (text, code, message) => {
    await expect(load(text)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('that is not there is answered with the ids that ship', () => {
    try {
      loadPrompt('item2tag.v9');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_FILE_MISSING' });
      expect((error as TagdistillError).hint).toContain('item2tag.v1, item2tag.zh.v1, tag2tag-i2u.v1');
    }
  });
});

describe('the shipped prompts', () => {
  const ids = readdirSync(packagePath('teacher', 'prompts')).map((name) => name.replace('.md', ''));
  const prompts: Prompt[] = ids.map((id) => loadPrompt(id));

  it("keep the rules for a user's own", async () => {
    for (const { id, text } of prompts) {
      expect(loadPrompt(await folder.write(`${id}.md`, text)).hash).toBe(sha256(text));
    }
  });

  it('never change under one id: what was asked by them is kept under their hashes', () => {
    expect(Object.fromEntries(prompts.map(({ id, hash }) => [id, hash.slice(0, 12)]))).toMatchInlineSnapshot(`
      {
        "item2tag-images.v1": "2598117bfaf6",
        "item2tag.v1": "77f7c7981cc2",
        "item2tag.zh.v1": "a44d4b41c32e",
        "tag2tag-i2u.v1": "c2cabdef56dd",
        "tag2tag-u2i.v1": "153d34bf7301",
      }
    `);
  });

  it('carry the hash of their text', () => {
    for (const prompt of prompts) expect(prompt.hash).toBe(sha256(prompt.text));
  });

  it('show an example that parses without a note', () => {
    for (const { id, text } of prompts) {
      const example = text.split(/An example\.|举例。/u)[1]!.split('# user')[0]!;
      if (id.startsWith('item2tag')) {
        const answer = parseTags(example);
        expect(answer).toMatchObject({ state: 'ok', notes: [] });
        if (answer.state !== 'ok') continue;
        for (const tags of Object.values(answer.tags)) expect(tags).toHaveLength(8);
      } else {
        const list = example.split('\n\n')[1]!;
        expect(parseTargets(list)).toMatchObject({ state: 'ok', notes: [], targets: { length: 8 } });
      }
    }
  });

  it('are the default of every task', () => {
    for (const id of Object.values(PROMPT_OF)) expect(ids).toContain(id);
  });
});
