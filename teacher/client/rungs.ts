import { answerInstruction, answerSchema } from '../questions/answer-schema.js';
import type { ChatMessage, ModelEndpoint, Question } from '../questions/question.js';
import type { ChatRequest } from './chat-types.js';

/** How the form of an answer is asked for, from what binds the model most to what binds it least. */
export type Rung = 'json_schema_strict' | 'json_schema' | 'json_object' | 'text';

export const RUNGS: readonly Rung[] = ['json_schema_strict', 'json_schema', 'json_object', 'text'];

/** Make the request for a question at a rung; `messages` are the question's and what was said since. */
export function requestAt(
  rung: Rung,
  {
    question: { task },
    endpoint,
    messages,
    logprobs,
  }: {
    readonly question: Question;
    readonly endpoint: ModelEndpoint;
    readonly messages: readonly ChatMessage[];
    readonly logprobs: boolean;
  },
): ChatRequest {
  const request = { endpoint, messages, logprobs };
  const { name, schema } = answerSchema(task);
  switch (rung) {
    case 'json_schema_strict':
      return {
        ...request,
        responseFormat: { type: 'json_schema', json_schema: { name, strict: true, schema } },
      };
    case 'json_schema':
      return { ...request, responseFormat: { type: 'json_schema', json_schema: { name, schema } } };
    case 'json_object':
      return {
        ...request,
        messages: addToLast(messages, answerInstruction(task)),
        responseFormat: { type: 'json_object' },
      };
    case 'text':
      return request;
  }
}

/**
 * Tell whether a question can be answered in JSON without going against its prompt.
 *
 * A tag2tag prompt that does not speak of JSON asks for a list, as the paper does; one of item2tag has two lists, for
 * which JSON is safer whatever the prompt says.
 */
export function mayBeJson({ task, sourceId, messages }: Question): boolean {
  if (task === 'item2tag') return true;
  // The tag that is asked about may itself speak of JSON.
  return messages.some(({ content }) => /json/iu.test(textOf(content).replaceAll(sourceId, ' ')));
}

function textOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

function addToLast(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  return messages.map((message, i) => {
    if (i < messages.length - 1) return message;
    const { role, content } = message;
    return typeof content === 'string'
      ? { role, content: `${content}\n\n${text}` }
      : { role, content: [...content, { type: 'text', text }] };
  });
}
