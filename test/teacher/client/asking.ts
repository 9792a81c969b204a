import { ChatClient } from '../../../teacher/client/chat-client.js';
import { CallFailure } from '../../../teacher/client/failure.js';
import { loadPrompt, PROMPT_OF, renderPrompt } from '../../../teacher/questions/prompts.js';
import type { ModelEndpoint, Question } from '../../../teacher/questions/question.js';
import type { Behaviour } from '../../support/fault-behaviours.js';

export const KEY = 'sk-test-0123456789abcdef';

/** Connect to a server, call it, and close the connection. */
export async function withClient<T>(
  baseUrl: string,
  call: (client: ChatClient) => Promise<T>,
  options: { readonly timeoutMs?: number } = {},
): Promise<T> {
  const client = new ChatClient({ baseUrl, apiKey: KEY, ...options });
  try {
    return await call(client);
  } finally {
    await client.close();
  }
}

/** The fault server behaves as its model is named. */
export function modelNamed(
  model: Behaviour | 'any' | (string & {}),
  params: ModelEndpoint['params'] = {},
): ModelEndpoint {
  return { baseUrl: 'http://localhost', model, params };
}

export function questionOf(task: Question['task'], about: string): Question {
  const { id, hash, text } = loadPrompt(PROMPT_OF[task]);
  const values = task === 'item2tag' ? { text: about } : { tag: about };
  const messages = renderPrompt({ id, hash, text }, { kind: 'book', ...values });
  return { task, sourceId: about, sample: 0, prompt: { id, hash }, messages };
}

/** The failure that a call ends in. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  const outcome = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  if (outcome instanceof CallFailure) return outcome;
  throw new Error('the call did not end in a CallFailure', { cause: outcome });
}
