import { writeFileSync } from 'node:fs';
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

/** Write a price file for the model `cheap`, at half the price in batches. */
export function writePrices(path: string): string {
  writeFileSync(path, 'prices:\n  - {model: cheap, input: 1, output: 10, batch_discount: 0.5}\n');
  return path;
}

/** The completion that depends on the messages and the model alone. */
export function tagsCompletion(body: BatchLine['body']): object {
  return completion(tagsAnswer(body));
}
