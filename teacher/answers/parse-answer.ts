import type { Space } from '../../src/core/space.js';
import type { Direction, Task } from '../../src/dataset/rows.js';
import { parseTags } from './parse-tags.js';
import { parseTargets } from './parse-targets.js';
import type { ParsedTag } from './tag-text.js';

/** What an answer says, whatever its task: tags by space. A tag2tag answer fills the space of its targets alone. */
export type ParsedAnswer =
  | {
      readonly state: 'ok';
      readonly tags: Readonly<Partial<Record<Space, readonly ParsedTag[]>>>;
      readonly notes: readonly string[];
    }
  | { readonly state: 'unparseable'; readonly reason: string; readonly notes: readonly string[] };

/** Tell in which space the targets of a direction lie. */
export function targetSpace(direction: Direction): Space {
  return direction === 'i2u' ? 'user' : 'item';
}

export interface ParseAnswerOptions {
  /** Whether the answer broke off at its length limit (`finish_reason` is `length`). */
  readonly isCut?: boolean;
}

/** Read an answer by the task that it answers; of one that broke off the whole tags. Never throws. */
export function parseAnswer(task: Task, text: string, options: ParseAnswerOptions = {}): ParsedAnswer {
  if (task === 'item2tag') return parseTags(text, options);
  const answer = parseTargets(text, options);
  if (answer.state === 'unparseable') return answer;
  return { state: 'ok', tags: { [targetSpace(task)]: answer.targets }, notes: answer.notes };
}
