import type { Task } from '../../src/dataset/rows.js';
import { checkPromptFor } from '../questions/check-prompt.js';
import { loadPrompt, PROMPT_OF, type Prompt } from '../questions/prompts.js';
import type { SettledOptions } from './run-options.js';

/** The prompt of each task of a run. */
export type RunPrompts = Readonly<Partial<Record<Task, Prompt>>>;

/** Read the prompts that the tasks of a run ask with, so that a wrong one is told before anything is paid. */
export function loadPrompts({ tasks, prompts = {} }: Pick<SettledOptions, 'tasks' | 'prompts'>): RunPrompts {
  return Object.fromEntries(
    tasks.map((task) => {
      const prompt = loadPrompt(prompts[task] ?? PROMPT_OF[task]);
      checkPromptFor(task, prompt);
      return [task, prompt];
    }),
  );
}

/** The prompt of a task that the run has. */
export function promptOf(prompts: RunPrompts, task: Task): Prompt {
  const prompt = prompts[task];
  if (prompt === undefined) throw new Error(`the run has no prompt for ${task}`);
  return prompt;
}
