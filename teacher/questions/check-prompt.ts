import { TagdistillError } from '../../src/core/errors.js';
import type { Task } from '../../src/dataset/rows.js';
import { lineAt, PLACEHOLDER, splitPrompt } from './prompt-parts.js';

/** What an item is put in for, what a source tag is, and what either is called. */
const KNOWN = ['text', 'tag', 'kind'] as const;

const FORM =
  'A prompt is Markdown with "# system" (optional) and "# user" on lines of their own, each followed by its text.';

/**
 * Refuse a prompt file that cannot be what its writer meant.
 *
 * @throws TagdistillError `E_FILE_EMPTY`; `E_FILE_FORMAT` without a `# user` part at the end, with an empty part, text
 *   before the first part, unknown placeholders, or not exactly one of `{{text}}` and `{{tag}}`
 */
export function checkPrompt(text: string, file: string): void {
  if (text.trim() === '') {
    throw new TagdistillError('E_FILE_EMPTY', 'the prompt is empty', { file, hint: FORM });
  }
  const parts = splitPrompt(text);
  const [first] = parts;
  const refuse = (message: string, hint: string, line?: number): never => {
    throw new TagdistillError('E_FILE_FORMAT', message, { file, hint, ...(line !== undefined && { line }) });
  };
  if (!parts.some(({ role }) => role === 'user')) refuse('the prompt has no "# user" part', FORM);
  if (first !== undefined && first.line > 1) {
    const before = text.split('\n').slice(0, first.line - 1);
    const stray = before.findIndex((line) => line.trim() !== '');
    if (stray >= 0) refuse('this text stands before the first part, and would not be sent', FORM, stray + 1);
  }
  for (const { role, content, line } of parts) {
    if (content === '')
      refuse(`the "# ${role}" part is empty`, 'Write its text below it, or leave it out.', line);
  }
  const last = parts.at(-1)!;
  if (last.role !== 'user') {
    refuse(`the last part is "# ${last.role}"`, 'Put the "# user" part that asks at the end.', last.line);
  }
  checkPlaceholders(text, refuse);
}

/**
 * Refuse a prompt for a task that it cannot ask.
 *
 * @throws TagdistillError `E_BAD_OPTION` where its placeholder for what is asked about is not that of the task
 */
export function checkPromptFor(
  task: Task,
  { id, text }: { readonly id: string; readonly text: string },
): void {
  const wanted = task === 'item2tag' ? 'text' : 'tag';
  const found = new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name!));
  if (found.has(wanted) && !found.has(wanted === 'text' ? 'tag' : 'text')) return;
  const shown = Array.from(found, (name) => `{{${name}}}`).join(', ') || 'none';
  throw new TagdistillError(
    'E_BAD_OPTION',
    `prompt ${id} does not ask ${task}: its placeholders are ${shown}`,
    {
      hint: `Give ${task} a prompt with {{${wanted}}}, and {{kind}} if it is wanted.`,
    },
  );
}

function checkPlaceholders(
  text: string,
  refuse: (message: string, hint: string, line?: number) => never,
): void {
  const found = [...text.matchAll(PLACEHOLDER)];
  const names = new Set(found.map(([, name]) => name!));
  const unknown = found.find(([, name]) => !KNOWN.some((known) => known === name));
  if (unknown !== undefined) {
    refuse(
      `{{${unknown[1]!}}} is no placeholder`,
      `Use ${KNOWN.map((name) => `{{${name}}}`).join(', ')}: the item's text, the source tag, what an item is called.`,
      lineAt(text, unknown.index),
    );
  }
  if (names.has('text') === names.has('tag')) {
    refuse(
      names.has('text')
        ? 'the prompt has both {{text}} and {{tag}}'
        : 'the prompt has neither {{text}} nor {{tag}}',
      'Put {{text}} where the item goes in a prompt of item2tag, or {{tag}} where the tag goes in one of i2u or u2i.',
    );
  }
}
