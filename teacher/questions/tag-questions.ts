import type { Direction } from '../../src/dataset/rows.js';
import { checkPromptFor } from './check-prompt.js';
import { renderPrompt, type Prompt } from './prompts.js';
import type { Question } from './question.js';

/** A tag to ask about: an item tag for its audience (`i2u`), or a user tag for the interests of such people (`u2i`). */
export interface SourceTag {
  readonly direction: Direction;
  /** Normalised. */
  readonly tag: string;
}

export interface TagQuestionsOptions {
  /** Prompt by direction; needed for those that occur. */
  readonly prompts: Readonly<Partial<Record<Direction, Prompt>>>;
  /** What an item is called in the prompt, e.g. `book`. */
  readonly kind?: string;
}

/** A source tag and how to ask about it. */
export interface TagQuestions extends SourceTag {
  readonly question: (sample: number) => Promise<Question>;
}

/**
 * Give the questions about source tags, in their order.
 *
 * @throws TagdistillError `E_BAD_OPTION` for a prompt of another task
 */
export function* tagQuestions(
  tags: Iterable<SourceTag>,
  { prompts, kind = 'item' }: TagQuestionsOptions,
): Generator<TagQuestions> {
  for (const direction of ['i2u', 'u2i'] as const) {
    const prompt = prompts[direction];
    if (prompt !== undefined) checkPromptFor(direction, prompt);
  }
  for (const { direction, tag } of tags) {
    const prompt = prompts[direction];
    if (prompt === undefined) throw new Error(`there is no prompt for ${direction}`);
    yield {
      direction,
      tag,
      question: (sample) =>
        Promise.resolve({
          task: direction,
          sourceId: tag,
          sample,
          prompt: { id: prompt.id, hash: prompt.hash },
          messages: renderPrompt(prompt, { kind, tag }),
        }),
    };
  }
}
