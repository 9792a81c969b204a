import type { RunPrompts } from './run-prompts.js';
import type { SettledOptions, TeacherModel } from './run-options.js';

/**
 * Give the schema metadata of a run's tables: all that it takes to ask the same again, and neither times nor keys.
 */
export function runMetadata(options: SettledOptions, prompts: RunPrompts): Record<string, string> {
  const { splits, tasks, samples, logprobs = false, strong, agreement, strongSamples } = options;
  return {
    tasks: tasks.join(' '),
    samples: String(samples),
    logprobs: String(logprobs),
    teacher: modelText(options.teacher),
    ...(strong !== undefined && {
      strong_teacher: modelText(strong),
      strong_samples: String(strongSamples),
      agreement: String(agreement),
    }),
    split_rule: `seed ${splits.seed}, ${splits.validationShare} validation, ${splits.testShare} test, by group`,
    ...Object.fromEntries(
      Object.values(prompts).flatMap(({ id, text, hash }) => [
        [`prompt.${id}`, text],
        [`prompt_sha256.${id}`, hash],
      ]),
    ),
  };
}

function modelText({ baseUrl, model, params = {} }: TeacherModel): string {
  return JSON.stringify({ base_url: baseUrl, model, params });
}
