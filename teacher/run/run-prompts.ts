import type { Task } from '../../src/dataset/rows.js';
import { checkPromptFor } from '../questions/check-prompt.js';
import { IMAGE_PROMPT, loadPrompt, PROMPT_OF, type Prompt } from '../questions/prompts.js';
import type { SettledOptions } from './run-options.js';

/** The prompt of each task of a run; `images`: that of item2tag for items with images, where it is another one. */
export type RunPrompts = Readonly<Partial<Record<Task | 'images', Prompt>>>;

/** Read the prompts that the tasks of a run ask with, so that a wrong one is told before anything is paid. */
export function loadPrompts({ tasks, prompts = {} }: Pick<SettledOptions, 'tasks' | 'prompts'>): RunPrompts {
  const loaded: Partial<Record<Task | 'images', Prompt>> = {};
  for (const task of tasks) {
    const prompt = loadPrompt(prompts[task] ?? PROMPT_OF[task]);
    checkPromptFor(task, prompt);
    loaded[task] = prompt;
  }
  // A prompt of the user's asks about all items.
  if (tasks.includes('item2tag') && prompts.item2tag === undefined) loaded.images = loadPrompt(IMAGE_PROMPT);
  return loaded;
}

/** The prompt of a task that the run has. */
export function promptOf(prompts: RunPrompts, task: Task): Prompt {
  const prompt = prompts[task];
  if (prompt === undefined) throw new Error(`the run has no prompt for ${task}`);
  return prompt;
}

/** The prompts that some question was asked with. */
export function usedPrompts({ images, ...others }: RunPrompts, nWithImages: number): RunPrompts {
  return nWithImages === 0 || images === undefined ? others : { ...others, images };
}
