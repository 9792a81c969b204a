import type { Task } from '../../src/dataset/rows.js';

/** The form of an answer, as servers with structured output take it. */
export interface AnswerSchema {
  /** Letters, digits and underscores. */
  readonly name: string;
  /** JSON Schema within the subset that strict decoding allows: all keys required, no further ones, no bounds. */
  readonly schema: Readonly<Record<string, unknown>>;
}

const TAG = objectOf({ tag: { type: 'string' }, score: { type: 'number' } });
const ITEM2TAG: AnswerSchema = {
  name: 'item2tag',
  schema: objectOf({ item_tags: listOf(TAG), user_tags: listOf(TAG) }),
};
const TAG2TAG: AnswerSchema = { name: 'tag2tag', schema: objectOf({ tags: listOf(TAG) }) };

/** Give the JSON schema of the answers to a task. Both directions of tag2tag have the same. */
export function answerSchema(task: Task): AnswerSchema {
  return task === 'item2tag' ? ITEM2TAG : TAG2TAG;
}

/**
 * Say in words what the schema says, to stand at the end of the messages where the server wants JSON but takes no
 * schema. It overrules the numbered list that the tag2tag prompts ask for.
 */
export function answerInstruction(task: Task): string {
  const { schema } = answerSchema(task);
  return `Give the answer as one JSON object and nothing else, whatever was said of its form above. It keeps to this JSON schema:\n${JSON.stringify(schema)}`;
}

function objectOf(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function listOf(items: unknown): Readonly<Record<string, unknown>> {
  return { type: 'array', items };
}
