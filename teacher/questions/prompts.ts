import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { sha256 } from '../../src/core/hash.js';
import { packagePath } from '../../src/core/package-info.js';
import type { Task } from '../../src/dataset/rows.js';
import { checkPrompt } from './check-prompt.js';
import { PLACEHOLDER, splitPrompt } from './prompt-parts.js';

export type PromptId = 'item2tag.v1' | 'item2tag-images.v1' | 'tag2tag-i2u.v1' | 'tag2tag-u2i.v1';

/** The prompt that a task asks with unless told otherwise. */
export const PROMPT_OF: Readonly<Record<Task, PromptId>> = {
  item2tag: 'item2tag.v1',
  i2u: 'tag2tag-i2u.v1',
  u2i: 'tag2tag-u2i.v1',
};

/** The prompt that item2tag asks with about items with images or a video, unless told otherwise. */
export const IMAGE_PROMPT: PromptId = 'item2tag-images.v1';

/** A prompt file; the text of one that ships with the package never changes under one id. */
export interface Prompt {
  /** The id of a shipped prompt, or the name of the user's file. */
  readonly id: string;
  /** The file as it stands: `# system`, `# user` and `# assistant` parts with `{{placeholders}}`. */
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly hash: string;
}

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * Read a prompt that ships with the package, by id, or a user's own, by path.
 *
 * A file has a `# user` part, last of all, and may have a `# system` part and examples as `# user` and `# assistant`
 * parts. Its placeholders are `{{text}}` for items or `{{tag}}` for tags, and `{{kind}}` where it wants that.
 *
 * @throws TagdistillError `E_FILE_MISSING`, `E_FILE_EMPTY`; `E_FILE_FORMAT`, with the line, for a file that is no
 *   such prompt
 */
export function loadPrompt(idOrPath: string): Prompt {
  const shipped = packagePath('teacher', 'prompts', `${idOrPath}.md`);
  if (/^[\w.-]+$/u.test(idOrPath) && existsSync(shipped)) {
    const text = readFileSync(shipped, 'utf8');
    return { id: idOrPath, text, hash: sha256(text) };
  }
  const text = decode(readBytes(idOrPath), idOrPath);
  checkPrompt(text, idOrPath);
  return { id: basename(idOrPath), text, hash: sha256(text) };
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new TagdistillError('E_FILE_MISSING', `cannot read the prompt: ${messageOf(cause)}`, {
      file: path,
      hint: `Give the path of a prompt file, or the id of one that ships: ${shippedIds().join(', ')}.`,
      cause,
    });
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TagdistillError('E_FILE_FORMAT', 'the prompt is not UTF-8', {
      file,
      hint: 'Save it as UTF-8.',
      cause,
    });
  }
}

function shippedIds(): string[] {
  const files = readdirSync(packagePath('teacher', 'prompts'));
  return files.map((name) => name.replace(/\.md$/u, '')).sort();
}

/**
 * Fill in a prompt's placeholders, giving the messages to send.
 *
 * Braces inside a value stay as they are: what an item's text says is never taken for a placeholder. Of the values
 * only `kind` may go unused.
 *
 * @throws TagdistillError `E_BAD_OPTION` if a placeholder has no value, or a value no placeholder
 */
export function renderPrompt(prompt: Prompt, values: Readonly<Record<string, string>>): Message[] {
  const used = new Set<string>();
  const messages = splitPrompt(prompt.text).map(({ role, content }) => ({
    role,
    content: content.replace(PLACEHOLDER, (_, name: string) => {
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
  const unused = Object.keys(values).filter((name) => name !== 'kind' && !used.has(name));
  if (unused.length > 0) {
    throw new TagdistillError('E_BAD_OPTION', `prompt ${prompt.id} has no place for ${unused.join(', ')}`, {
      hint: `Its placeholders are ${[...used].join(', ') || 'none'}.`,
    });
  }
  return messages;
}
