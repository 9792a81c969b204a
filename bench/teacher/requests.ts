import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { answerSchema } from '../../teacher/questions/answer-schema.js';
import { loadPrompt, renderPrompt, type Message } from '../../teacher/questions/prompts.js';
import { MODEL } from './task.js';

const { name, schema } = answerSchema('item2tag');
const RESPONSE_FORMAT = { type: 'json_schema', json_schema: { name, strict: true, schema } } as const;
const prompt = loadPrompt('item2tag.v1');

export interface BenchRequest {
  readonly model: string;
  readonly messages: Message[];
  readonly response_format: typeof RESPONSE_FORMAT;
}

/** The requests that tagdistill makes of the same items. */
export async function* requestsOf(items: string): AsyncGenerator<BenchRequest> {
  for await (const line of createInterface({ input: createReadStream(items) })) {
    const { text } = JSON.parse(line) as { text: string };
    const messages = renderPrompt(prompt, { kind: 'book', text });
    yield { model: MODEL, messages: [...messages], response_format: RESPONSE_FORMAT };
  }
}
