import type { BatchLine } from '../../support/batch-server.js';
import { tagsAnswer } from '../run/answering-server.js';

/** A chat completion of a text. */
export function completion(text: string, finish_reason = 'stop'): object {
  return {
    id: 'x',
    object: 'chat.completion',
    created: 0,
    model: 'cheap-2026',
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
  };
}

/** The completion that depends on the messages and the model alone. */
export function tagsCompletion(body: BatchLine['body']): object {
  return completion(tagsAnswer(body));
}
