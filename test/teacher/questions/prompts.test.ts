import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/hash.js';
import { loadPrompt, PROMPT_OF, renderPrompt, type Prompt } from '../../../teacher/questions/prompts.js';
import { parseTags } from '../../../teacher/answers/parse-tags.js';
import { parseTargets } from '../../../teacher/answers/parse-targets.js';

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

describe('the shipped prompts', () => {
  const prompts: Prompt[] = Object.values(PROMPT_OF).map((id) => loadPrompt(id));

  it('carry the hash of their text', () => {
    for (const prompt of prompts) expect(prompt.hash).toBe(sha256(prompt.text));
  });

  it('show an example that parses without a note', () => {
    const [item2tag, ...tag2tag] = prompts.map((prompt) => prompt.text);
    const example = item2tag!.split('An example.')[1]!.split('# user')[0]!;
    expect(parseTags(example)).toMatchObject({ state: 'ok', notes: [] });
    for (const text of tag2tag) {
      const list = text.split('An example.')[1]!.split('\n\n')[1]!;
      expect(parseTargets(list)).toMatchObject({ state: 'ok', notes: [], targets: { length: 8 } });
    }
  });
});
