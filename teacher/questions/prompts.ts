import { readFileSync } from 'node:fs';
import { TagdistillError } from '../../src/core/errors.js';
import { sha256 } from '../../src/core/hash.js';
import { packagePath } from '../../src/core/package-info.js';
import type { Task } from '../../src/dataset/rows.js';

export type PromptId = 'item2tag.v1' | 'tag2tag-i2u.v1' | 'tag2tag-u2i.v1';

/** The prompt that a task asks with unless told otherwise. */
export const PROMPT_OF: Readonly<Record<Task, PromptId>> = {
  item2tag: 'item2tag.v1',
  i2u: 'tag2tag-i2u.v1',
  u2i: 'tag2tag-u2i.v1',
};

/** A versioned prompt file: its text never changes under one id. */
export interface Prompt {
  readonly id: PromptId;
  /** The file as it stands: `# system` and `# user` parts with `{{placeholders}}`. */
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly hash: string;
}

export interface Message {
  readonly role: 'system' | 'user';
  readonly content: string;
}

/** Read a prompt that ships with the package. */
export function loadPrompt(id: PromptId): Prompt {
  const text = readFileSync(packagePath('teacher', 'prompts', `${id}.md`), 'utf8');
  return { id, text, hash: sha256(text) };
}

/**
 * Fill in a prompt's placeholders, giving the messages to send.
 *
 * Braces inside a value stay as they are: what an item's text says is never taken for a placeholder.
 *
 * @throws TagdistillError `E_BAD_OPTION` if a placeholder has no value, or a value no placeholder
 */
export function renderPrompt(prompt: Prompt, values: Readonly<Record<string, string>>): Message[] {
  const used = new Set<string>();
  const messages = splitParts(prompt.text).map(({ role, content }) => ({
    role,
    content: content.replace(/\{\{(\w+)\}\}/gu, (_, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) {
        throw new TagdistillError('E_BAD_OPTION', `prompt ${prompt.id} needs a value for {{${name}}}`, {
          hint: `Give ${name}; given: ${Object.keys(values).join(', ') || 'nothing'}.`,
        });
      }
      used.add(name);
      return value;
    }),
  }));
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw new TagdistillError('E_BAD_OPTION', `prompt ${prompt.id} has no place for ${unused.join(', ')}`, {
      hint: `Its placeholders are ${[...used].join(', ')}.`,
    });
  }
  return messages;
}

function splitParts(text: string): Message[] {
  const parts = text.split(/^# (system|user)$/mu);
  const messages: Message[] = [];
  for (let i = 1; i + 1 < parts.length; i += 2) {
    messages.push({ role: parts[i] === 'system' ? 'system' : 'user', content: parts[i + 1]!.trim() });
  }
  return messages;
}
